/* SPDX-License-Identifier: MIT */
#include "doorstep/sheet_read.h"

#include <string.h>

void sheet_find(struct sheet *sheet, const struct archive *archive, const char *territory,
                uint32_t month)
{
    *sheet = (struct sheet){.archive = archive};
    for (size_t i = 0; i < archive->n; i++) {
        const struct record *record = &archive->records[i];
        const Ds__Event *msg = record->msg;
        if (msg->body_case == DS__EVENT__BODY_SHEET_DRAWN && msg->sheet_drawn->month == month &&
            strcmp(msg->sheet_drawn->territory, territory) == 0)
            sheet->drawn = record;
        if (msg->body_case == DS__EVENT__BODY_SHEET_HANDED_IN &&
            msg->sheet_handed_in->month == month &&
            strcmp(msg->sheet_handed_in->territory, territory) == 0)
            sheet->handed_in = record; /* the last word */
    }
    if (sheet->drawn) sheet->zone = archive_zone(archive, sheet->drawn->partition);
}

static uint64_t answer_of(const Ds__SheetDrawn *drawn, uint64_t ticket, bool *ret_install)
{
    for (size_t i = 0; i < drawn->n_install && i < drawn->n_install_answer; i++) {
        *ret_install = true;
        if (drawn->install[i] == ticket) return drawn->install_answer[i];
    }
    *ret_install = false;
    for (size_t i = 0; i < drawn->n_repair && i < drawn->n_repair_answer; i++)
        if (drawn->repair[i] == ticket) return drawn->repair_answer[i];
    return 0;
}

/* A ticket's number is that of its registration. */
static const char *ref_of(const struct sheet *sheet, uint64_t ticket)
{
    const struct record *record =
        archive_find(sheet->archive, sheet->drawn->partition, DS_INTAKE, ticket);
    bool there = record && record->msg->body_case == DS__EVENT__BODY_REGISTERED;

    return there ? ds_str(record->msg->registered->head->ref) : "";
}

struct sheet_row sheet_row_at(const struct sheet *sheet, size_t i)
{
    const Ds__SheetDrawn *drawn = sheet->drawn->msg->sheet_drawn;
    struct sheet_row row = {.ref = ref_of(sheet, drawn->drawn[i])};

    ds_ticket_id(row.ticket, sheet->drawn->partition, drawn->drawn[i]);
    uint64_t seq = answer_of(drawn, drawn->drawn[i], &row.install);
    row.answer = archive_find(sheet->archive, sheet->drawn->partition, DS_INTAKE, seq);
    if (row.answer && row.answer->msg->body_case != DS__EVENT__BODY_CALLBACK_RECORDED)
        row.answer = NULL;
    return row;
}

/* ---- as a table ---- */

const struct table_column sheet_columns[] = {
    {"territory", "territory", "片区", TABLE_TEXT, TABLE_SHOWN},
    {"ticket", "ticket", "服务单", TABLE_TEXT, TABLE_SHOWN},
    {"ref", "order", "单号", TABLE_TEXT, TABLE_SHOWN},
    {"kind", "kind", "类别", TABLE_TEXT, TABLE_SHOWN},
    {"answered_at_ms", "answered", "回访时间", TABLE_TIME, TABLE_SHOWN},
    {"satisfaction", "satisfaction", "满意度", TABLE_COUNT, TABLE_SHOWN},
    {"fixed", "fixed", "修好", TABLE_TEXT, TABLE_SHOWN},
    {"on_time", "on time", "按时上门", TABLE_TEXT, TABLE_SHOWN},
    {"work_clothes", "work clothes", "穿工作服", TABLE_TEXT, TABLE_SHOWN},
    {"attitude", "good manners", "态度好", TABLE_TEXT, TABLE_SHOWN},
    {"charged_fen", "charged", "收费", TABLE_FEN, TABLE_SHOWN},
    {"shoe_covers", "shoe covers", "穿鞋套", TABLE_TEXT, TABLE_SHOWN},
    {"took_nothing", "took nothing", "未吃拿", TABLE_TEXT, TABLE_SHOWN},
    {"no_exaggeration", "no exaggeration", "未夸大故障", TABLE_TEXT, TABLE_SHOWN},
    {"visited", "visited", "上门过", TABLE_TEXT, TABLE_SHOWN},
    {"note", "note", "备注", TABLE_TEXT, TABLE_SHOWN},
    {0},
};

static void put_answers(struct table *table, const Ds__RecordCallback *callback)
{
    const Ds__Answer *by_question[DS_QUESTION_COUNT] = {NULL};

    for (size_t i = 0; callback && i < callback->n_answers; i++)
        if ((int)callback->answers[i]->question < DS_QUESTION_COUNT)
            by_question[callback->answers[i]->question] = callback->answers[i];
    for (int q = DS_Q_FIXED; q < DS_QUESTION_COUNT; q++) {
        const Ds__Answer *answer = by_question[q];
        if (!answer)
            table_empty(table);
        else if (q == DS_Q_CHARGED_FEN)
            table_number(table, answer->amount_fen);
        else
            table_text(table, ds_word(table->lang, answer->yes ? DS_WORD_YES : DS_WORD_NO));
    }
}

void sheet_put(struct table *table, const struct sheet *sheet)
{
    const Ds__SheetDrawn *drawn = sheet->drawn->msg->sheet_drawn;

    for (size_t i = 0; i < drawn->n_drawn; i++) {
        struct sheet_row row = sheet_row_at(sheet, i);
        const Ds__RecordCallback *callback = row.answer ? row.answer->msg->callback_recorded : NULL;
        table_row(table);
        table_text(table, drawn->territory);
        table_text(table, row.ticket);
        table_text(table, row.ref[0] ? row.ref : NULL);
        table_text(table, ds_word(table->lang, row.install ? DS_WORD_INSTALL : DS_WORD_REPAIR));
        if (row.answer)
            table_time(table, record_at_ms(row.answer), sheet->zone);
        else
            table_empty(table);
        if (callback && callback->has_satisfaction)
            table_number(table, callback->satisfaction);
        else
            table_empty(table);
        put_answers(table, callback);
        table_text(table, callback ? callback->note : NULL);
    }
}
