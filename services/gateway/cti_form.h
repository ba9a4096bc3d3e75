/* SPDX-License-Identifier: MIT
 *
 * What a telephone system says of a call, in Zammad's generic CTI form: JSON, urlencoded or
 * multipart. Reads and puts into our words; knows no directory and decides nothing. */
#ifndef GATEWAY_CTI_FORM_H
#define GATEWAY_CTI_FORM_H

#include <stdbool.h>

#include "domain/limits.h"
#include "gateway/http.h"
#include "proto/types.pb-c.h"

enum { CTI_VALUE_MAX = 256, CTI_NUMBER_MAX = 33 };

enum cti_kind { CTI_NEW_CALL, CTI_ANSWER, CTI_HANGUP, CTI_KINDS };

struct cti_form {
    enum cti_kind kind;
    bool inbound;
    char call[DS_ID_MAX + 1]; /* callId, or what stands for it where it is no id */
    char caller[CTI_NUMBER_MAX];
    char called[CTI_NUMBER_MAX];   /* as it was sent, without its punctuation */
    char answering[CTI_VALUE_MAX]; /* answeringNumber; "" */
    char user[CTI_VALUE_MAX];      /* "", also where several are named: nobody knows which */
    char queue[CTI_VALUE_MAX];     /* "" */
    const char *cause;             /* of a hangup */
    bool was_answered;             /* its cause says that somebody talked */
};

/* False when the request was answered: field and what was expected. */
bool cti_read(struct http_request *request, struct cti_form *ret);

/* Digits of a number within the country: "+86 736 555-0101" and "867365550101" are 07365550101. */
void cti_national(const char *number, char ret[CTI_NUMBER_MAX]);

/* What is no person but picks up all the same; PERSON for everything else. */
Ds__AnsweredBy__Name cti_answered_by(const struct cti_form *form);

#endif
