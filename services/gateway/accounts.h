/* SPDX-License-Identifier: MIT */
#ifndef GATEWAY_ACCOUNTS_H
#define GATEWAY_ACCOUNTS_H

#include "doorstep/archive.h"
#include "wire/buf.h"

/* Of whom an event speaks: whoever did it, and every account in it; "\nperson:ma\noutlet:b\n"
 * behind what is there, without a NUL. */
void accounts_of(const struct record *record, struct ds_buf *to);

#endif
