/* SPDX-License-Identifier: MIT */
#ifndef DOORSTEP_EVENT_JSON_H
#define DOORSTEP_EVENT_JSON_H

#include <jansson.h>

#include "doorstep/archive.h"

/* CloudEvents form of a record; json_decref it.
 * {"id":"sla-watcher/p007/12","source":"/doorstep/sla-watcher/p007","type":"doorstep...."} */
json_t *event_json(const struct record *record);

/* The same as one line of ASCII without its end; free() it. */
char *event_text(const struct record *record);

/* "doorstep.sla-watcher.breached" */
void event_type_text(char *buf, size_t size, enum ds_source source, const Ds__Event *msg);

#endif
