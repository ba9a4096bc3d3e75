/* SPDX-License-Identifier: MIT
 *
 * Error codes that a client can meet. The list with its sentences is codes.def. */
#ifndef DS_DOMAIN_CODES_H
#define DS_DOMAIN_CODES_H

enum ds_code {
#define DS_CODE(name, en, zh) DS_CODE_##name,
#include "domain/codes.def"
#undef DS_CODE
    DS_CODE_COUNT
};

#endif
