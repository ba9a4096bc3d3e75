/* SPDX-License-Identifier: MIT */
#ifndef DOORSTEP_EVENT_JSON_H
#define DOORSTEP_EVENT_JSON_H

#include "doorstep/archive.h"

/* CloudEvents form of a record, one line of ASCII JSON without its end; free() it.
 * {"id":"sla-watcher/p007/12","source":"/doorstep/sla-watcher/p007","type":"doorstep...."} */
char *event_json(const struct record *record);

/* "doorstep.sla-watcher.breached" */
void event_type_text(char *buf, size_t size, enum ds_source source, const Ds__Event *msg);

#endif
