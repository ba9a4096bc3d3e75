/* SPDX-License-Identifier: MIT
 *
 * What a value of a field may look like, by the name of the field: one table for all messages
 * (constraint.c). Pure. For files of wire/ only. */
#ifndef DS_WIRE_CONSTRAINT_H
#define DS_WIRE_CONSTRAINT_H

#include <protobuf-c/protobuf-c.h>
#include <stddef.h>
#include <stdint.h>

#include "domain/codes.h"

enum ds_form {
    /* of a text */
    DS_FORM_TEXT, /* anything that is text */
    DS_FORM_ID,
    DS_FORM_ACCOUNT, /* person:<id> or outlet:<id> */
    DS_FORM_KEY,     /* of a ledger entry or proposal */
    DS_FORM_PHONE,
    DS_FORM_CLAUSE,      /* 7.24 */
    DS_FORM_DATE,        /* 2007-03-01 */
    DS_FORM_TRACEPARENT, /* W3C Trace Context */
    DS_FORM_HASH,        /* hexadecimal */
    /* of a number */
    DS_FORM_INTEGER,
    DS_FORM_REAL,
    /* of anything */
    DS_FORM_BY_INTAKE, /* clients leave it out */
    DS_FORM_FREE,      /* names that the table does not know */
};

/* One row: what a field of this name must be. */
struct ds_constraint {
    const char *name;
    const ProtobufCMessageDescriptor *in; /* only fields of this message; NULL: of any */
    enum ds_form form;
    int64_t min; /* bytes of a text, value of a number */
    int64_t max;
    const char *sentence; /* completes "{field} must be ..." */
};

/* The row for a field of a message. Never NULL: a name without one has a row of DS_FORM_FREE. */
const struct ds_constraint *ds_constraint_of(const ProtobufCMessageDescriptor *type,
                                             const ProtobufCFieldDescriptor *field);

/* Judge one value. A row about values of another type says nothing; but text is always UTF-8
 * without NUL. Return the code of the fault, or DS_CODE_OK. */
enum ds_code ds_constraint_text(const struct ds_constraint *row, const char *text, size_t len);
enum ds_code ds_constraint_integer(const struct ds_constraint *row, int64_t value);
enum ds_code ds_constraint_real(const struct ds_constraint *row, double value);

#endif
