/* SPDX-License-Identifier: MIT */
#ifndef DOORSTEP_OUTCOME_OWNER_H
#define DOORSTEP_OUTCOME_OWNER_H

#include "domain/vocabulary.h"
#include "proto/commands.pb-c.h"

/* Service that says what became of such a command; DS_SOURCE_NONE for none. */
enum ds_source outcomes_owner(Ds__Command__BodyCase type);

#endif
