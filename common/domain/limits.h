/* SPDX-License-Identifier: MIT
 *
 * Every fixed bound of the system, and what keeps the bounds consistent with each other. */
#ifndef DS_DOMAIN_LIMITS_H
#define DS_DOMAIN_LIMITS_H

#include <assert.h>
#include <stdint.h>

enum {
    DS_ID_MAX = 64,         /* bytes of an id, without the terminating NUL */
    DS_ACCOUNT_MAX = 72,    /* "person:" or "outlet:" and an id */
    DS_ENTRY_KEY_MAX = 240, /* clause/account/cause */
    DS_TEXT_MAX = 2000,     /* bytes of a free text */
    DS_PARTITIONS_MAX = 256,
    DS_FRAME_MAX = 64 * 1024,                  /* a command, an event */
    DS_ACTIVATE_FRAME_MAX = 1024 * 1024,       /* the one command that carries two files */
    DS_CONNECTION_FRAME_MAX = 4 * 1024 * 1024, /* anything; whoever sends more is cut off */

    DS_FACTS_MAX = 256,       /* facts of one ticket; intake refuses more */
    DS_CYCLE_INSTANCES = 16,  /* appointments, completions, delays per life of a ticket */
    DS_CYCLE_OFFERS = 32,     /* offers per life of a ticket */
    DS_COMPLAINTS_MAX = 64,   /* complaints that visits of one ticket were not on time */
    DS_RETURN_FACTS_MAX = 32, /* facts of one ticket about an exchange or return */
    DS_RETURN_INTERVALS = 32, /* earlier repairs and waits that one of them names */
    DS_RETURN_LACKS = 16,     /* things that a returned unit lacks */
    DS_CYCLES_MAX = 8,        /* lives of a ticket: first registration and reopenings */

    DS_BATCH_EVENTS_MAX = 512,
    DS_BATCH_ENTITIES_MAX = 2048, /* entities stored by one commit; a step may add a few */
    DS_FLUSH_EVENTS_MAX = 1024,
    DS_FLUSH_BYTES_MAX = 2 * 1024 * 1024,
    DS_OUT_EVENTS_MAX = 512, /* events that one step may emit */

    DS_SKILLS_MAX = 64,     /* distinct skills in a directory */
    DS_AREAS_MAX = 128,     /* distinct areas in a directory */
    DS_MAKERS_MAX = 128,    /* makers whose repair point the department is */
    DS_ACCOUNTS_MAX = 1024, /* technicians and outlets in a directory */
    DS_PEOPLE_MAX = 2048,
    DS_TERRITORIES_MAX = 256,
    DS_CALENDARS_MAX = 64,
    DS_CLAUSES_MAX = 64,
    DS_GUARANTEES_MAX = 64, /* categories of products with a guarantee of their own */
    DS_PIECE_RATES_MAX = 256,
    DS_INSTALMENTS_MAX = 60, /* months over which a loss may be deducted */
    DS_MULTIPLE_MAX = 1000,  /* of a fee: 10x */
    DS_REJUDGES_MAX = 16,    /* of one ticket */
    DS_VERSIONS_MAX = 1024,  /* rulebook versions ever activated */
};

/* What a command may say, in fen. A multiple of it, and that times the months of its instalments,
 * fit an int64: no sum of a clause is ever cut short. */
#define DS_FEN_MAX INT64_C(1000000000000)
static_assert(DS_FEN_MAX <= INT64_MAX / DS_MULTIPLE_MAX / DS_INSTALMENTS_MAX, "money fits");

static_assert(DS_FLUSH_EVENTS_MAX >= DS_BATCH_EVENTS_MAX, "a flush holds at least a full batch");
static_assert(DS_CONNECTION_FRAME_MAX >= 2 * DS_FLUSH_BYTES_MAX, "a batch fits a frame");
static_assert(DS_CONNECTION_FRAME_MAX > DS_ACTIVATE_FRAME_MAX, "what is too large is told so");
static_assert(DS_FLUSH_BYTES_MAX >= DS_OUT_EVENTS_MAX * 4096, "a step's output fits a flush");

#endif
