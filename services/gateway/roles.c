/* SPDX-License-Identifier: MIT */
#include "gateway/roles.h"

#include <string.h>

#include "domain/assert.h"

static const struct {
    const char *name;
    enum ds_word word;
} roles[GATEWAY_ROLE_COUNT] = {
    [GATEWAY_ADMIN] = {"admin", DS_WORD_ROLE_ADMIN},
    [GATEWAY_MANAGER] = {"manager", DS_WORD_ROLE_MANAGER},
    [GATEWAY_CLERK] = {"clerk", DS_WORD_ROLE_CLERK},
    [GATEWAY_TECHNICIAN] = {"technician", DS_WORD_ROLE_TECHNICIAN},
    [GATEWAY_BOARD] = {"board", DS_WORD_ROLE_BOARD},
    [GATEWAY_PHONE] = {"phone", DS_WORD_ROLE_PHONE},
};

const char *gateway_role_name(enum gateway_role role)
{
    DS_ASSERT(role < GATEWAY_ROLE_COUNT);
    return roles[role].name;
}

enum gateway_role gateway_role_of(const char *name)
{
    enum gateway_role role = 0;

    while (role < GATEWAY_ROLE_COUNT && strcmp(roles[role].name, name) != 0)
        role++;
    return role;
}

const char *gateway_role_word(enum ds_lang lang, enum gateway_role role)
{
    DS_ASSERT(role < GATEWAY_ROLE_COUNT);
    return ds_word(lang, roles[role].word);
}

bool gateway_role_acts(enum gateway_role role)
{
    switch (role) {
    case GATEWAY_ADMIN:
    case GATEWAY_BOARD: return false;
    case GATEWAY_MANAGER:
    case GATEWAY_CLERK:
    case GATEWAY_TECHNICIAN:
    case GATEWAY_PHONE: return true;
    case GATEWAY_ROLE_COUNT: break;
    }
    DS_UNREACHABLE();
}
