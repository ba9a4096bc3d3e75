/* SPDX-License-Identifier: MIT
 *
 * The manifest calls each piece by an English name, for whoever reads it; here it is said in the
 * language of who asks. */
#include <string.h>

#include "doorstep/bundle.h"

/* "event intake/p007/12 registered" */
static bool put_event(enum ds_lang lang, const char *what, char buf[512])
{
    char id[96], name[64], rest;

    if (sscanf(what, "event %90s %60s%c", id, name, &rest) != 2) return false;
    const ProtobufCFieldDescriptor *field =
        protobuf_c_message_descriptor_get_field_by_name(&ds__event__descriptor, name);
    if (!field) return false;
    snprintf(buf, 512, "事件 %s(%s)", id, ds_event_word(lang, (int)field->id));
    return true;
}

/* "the story, line 3 and after", "version 1, rulebook.yaml, line 3 and after" */
static bool put_block(const char *what, char buf[512])
{
    char name[64];
    size_t line;
    unsigned version;

    if (sscanf(what, "the %60[a-z], line %zu", name, &line) == 2)
        snprintf(buf, 512, "%s,第 %zu 行起", strcmp(name, "chain") == 0 ? "哈希链" : "经过", line);
    else if (sscanf(what, "version %u, %60[a-z.], line %zu", &version, name, &line) == 3)
        snprintf(buf, 512, "规则版本 %u,%s,第 %zu 行起", version, name, line);
    else if (sscanf(what, "version %u, %60[a-z ]", &version, name) == 2)
        snprintf(buf, 512, "规则版本 %u,时区", version);
    else if (sscanf(what, "version %u", &version) == 1)
        snprintf(buf, 512, "规则版本 %u", version);
    else
        return false;
    return true;
}

const char *bundle_piece(enum ds_lang lang, const char *what, char buf[512])
{
    snprintf(buf, 512, "%s", what);
    if (lang == DS_EN || put_event(lang, what, buf) || put_block(what, buf)) return buf;
    if (strcmp(what, "magic") == 0) snprintf(buf, 512, "文件标识");
    if (strcmp(what, "header of the journal") == 0) snprintf(buf, 512, "日志文件头");
    return buf;
}
