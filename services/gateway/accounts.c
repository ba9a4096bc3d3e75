/* SPDX-License-Identifier: MIT */
#include "gateway/accounts.h"

#include <string.h>

static void put(struct ds_buf *to, const char *prefix, const char *text)
{
    ds_buf_put_text(to, prefix);
    ds_buf_put_text(to, text);
    ds_buf_put_text(to, "\n");
}

static void put_if_account(struct ds_buf *to, const char *text)
{
    if (text && (strncmp(text, "person:", 7) == 0 || strncmp(text, "outlet:", 7) == 0))
        put(to, "", text);
}

static void walk(const ProtobufCMessage *message, struct ds_buf *to);

static void walk_field(const ProtobufCFieldDescriptor *field, const void *member, size_t n,
                       struct ds_buf *to)
{
    bool list = field->label == PROTOBUF_C_LABEL_REPEATED;

    if (field->type == PROTOBUF_C_TYPE_STRING) {
        char *const *texts = list ? *(char *const *const *)member : member;
        for (size_t i = 0; i < n; i++)
            put_if_account(to, texts[i]);
    } else if (field->type == PROTOBUF_C_TYPE_MESSAGE) {
        ProtobufCMessage *const *messages =
            list ? *(ProtobufCMessage *const *const *)member : member;
        for (size_t i = 0; i < n; i++)
            if (messages[i]) walk(messages[i], to);
    }
}

/* The messages have no cycles and four levels. */
static void walk(const ProtobufCMessage *message, struct ds_buf *to)
{
    const char *base = (const char *)message;

    for (unsigned i = 0; i < message->descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &message->descriptor->fields[i];
        size_t n = 1;
        if (field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF &&
            *(const uint32_t *)(const void *)(base + field->quantifier_offset) != field->id)
            continue;
        if (field->label == PROTOBUF_C_LABEL_REPEATED)
            n = *(const size_t *)(const void *)(base + field->quantifier_offset);
        walk_field(field, base + field->offset, n, to);
    }
}

void accounts_of(const struct record *record, struct ds_buf *to)
{
    ds_buf_put_text(to, "\n");
    if (record->msg->by) put(to, "person:", record->msg->by);
    walk(&record->msg->base, to);
    if (record->entry) walk(&record->entry->base, to);
}
