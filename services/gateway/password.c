/* SPDX-License-Identifier: MIT
 *
 * Passwords and tokens, and what is kept of them. Nothing here asks the file: all of it may run on
 * any thread. */
#include <string.h>

#include <sodium.h>

#include "domain/assert.h"
#include "domain/ids.h"
#include "gateway/users_priv.h"
#include "wire/utf8.h"

_Static_assert(USERS_HASH_SIZE == crypto_pwhash_STRBYTES, "argon2id as text");
_Static_assert(USERS_SECRET_SIZE ==
                   sodium_base64_ENCODED_LEN(32, sodium_base64_VARIANT_URLSAFE_NO_PADDING),
               "32 bytes as text");

static unsigned long long hash_ops(const struct users_settings *settings)
{
    return settings && settings->hash_ops ? settings->hash_ops : crypto_pwhash_OPSLIMIT_INTERACTIVE;
}

static size_t hash_bytes(const struct users_settings *settings)
{
    return settings && settings->hash_bytes ? settings->hash_bytes
                                            : crypto_pwhash_MEMLIMIT_INTERACTIVE;
}

enum users_result users_check_password(const char *password)
{
    size_t len = strnlen(password, USERS_PASSWORD_MAX + 1), characters = 0;

    if (len > USERS_PASSWORD_MAX || !ds_utf8_clean(password, len)) return USERS_BAD_PASSWORD;
    for (size_t i = 0; i < len; i += ds_utf8_step(password + i, len - i))
        characters++;
    return characters >= USERS_PASSWORD_MIN ? USERS_OK : USERS_BAD_PASSWORD;
}

enum users_result users_hash(const struct users_settings *settings, const char *password,
                             char ret_hash[USERS_HASH_SIZE])
{
    char hash[USERS_HASH_SIZE];

    if (users_check_password(password) != USERS_OK) return USERS_BAD_PASSWORD;
    if (crypto_pwhash_str(hash, password, strlen(password), hash_ops(settings),
                          hash_bytes(settings)) != 0)
        return USERS_STORE;
    memcpy(ret_hash, hash, sizeof hash);
    return USERS_OK;
}

void users_verify(struct users_login *login, const char *password)
{
    const struct users_settings *settings = &login->settings;
    size_t len = strnlen(password, USERS_PASSWORD_MAX);
    char other[USERS_HASH_SIZE];

    login->right = false;
    login->rehash[0] = '\0';
    if (!login->known) { /* costs what comparing does, so that the time tells nothing */
        if (crypto_pwhash_str(other, password, len, hash_ops(settings), hash_bytes(settings)) != 0)
            return;
        sodium_memzero(other, sizeof other);
        return;
    }
    login->right =
        crypto_pwhash_str_verify(login->hash, password, len) == 0 && password[len] == '\0';
    if (login->right &&
        crypto_pwhash_str_needs_rehash(login->hash, hash_ops(settings), hash_bytes(settings)) !=
            0 &&
        users_hash(settings, password, login->rehash) != USERS_OK)
        login->rehash[0] = '\0'; /* the old one goes on */
}

void users_digest(const char *secret, uint8_t ret[USERS_DIGEST])
{
    crypto_generichash(ret, USERS_DIGEST, (const unsigned char *)secret, strlen(secret), NULL, 0);
}

void users_secret(char ret[USERS_SECRET_SIZE])
{
    unsigned char bytes[32];

    randombytes_buf(bytes, sizeof bytes);
    sodium_bin2base64(ret, USERS_SECRET_SIZE, bytes, sizeof bytes,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    sodium_memzero(bytes, sizeof bytes);
}
