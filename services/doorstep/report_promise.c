/* SPDX-License-Identifier: MIT
 *
 * Broken promises as rows of a table: the same in the daily and in the weekly paper. */
#include <stdlib.h>
#include <string.h>

#include "doorstep/books.h"
#include "doorstep/report.h"

const struct table_column promise_columns[] = {
    {"due_at_ms", "due", "到期", TABLE_TIME, TABLE_SHOWN},
    {"subject", "ticket", "服务单", TABLE_TEXT, TABLE_SHOWN},
    {"ref", "order", "单号", TABLE_TEXT, TABLE_SHOWN},
    {"territory", "territory", "片区", TABLE_TEXT, TABLE_SHOWN},
    {"promise", "promise", "时限", TABLE_TEXT, TABLE_SHOWN},
    {"owner", "owner", "责任人", TABLE_TEXT, TABLE_SHOWN},
    {"name", "name", "姓名", TABLE_TEXT, TABLE_SHOWN},
    {"stopped_at_ms", "kept at last", "实际完成", TABLE_TIME, TABLE_SHOWN},
    {"late_ms", "late by", "超时", TABLE_SPAN, TABLE_SHOWN},
    {"state", "state", "状态", TABLE_TEXT, TABLE_SHOWN},
    {"clause", "clause", "条款", TABLE_TEXT, TABLE_SHOWN},
    {"clock", "clock", "代号", TABLE_TEXT, TABLE_PROGRAMS},
    {0},
};

const struct ds_territory *report_where(const struct report_ask *ask, const struct job *job,
                                        const char *account)
{
    return job->territory ? job->territory : books_territory(ask->archive, account);
}

void report_put_promise(struct table *table, const struct report_ask *ask, const struct job *job,
                        const struct promise *promise)
{
    const struct ds_territory *where = report_where(ask, job, promise->owner);
    const struct ds_zone *zone = where->calendar->zone;
    bool final = promise->verdict != DS_VERDICT_NONE, zh = table->lang == DS_ZH;

    table_row(table);
    table_time(table, promise->due_ms, zone);
    table_text(table, job->subject);
    table_text(table, job->head && ds_str(job->head->ref)[0] ? job->head->ref : NULL);
    table_text(table, where->id);
    table_text(table, ds_clock_word(table->lang, promise->clock));
    table_text(table, promise->owner);
    table_text(table, report_name(ask->archive, promise->owner));
    if (promise->stop_ms != REPORT_NEVER) {
        table_time(table, promise->stop_ms, zone);
        if (promise->stop_ms > promise->due_ms)
            table_number(table, promise->stop_ms - promise->due_ms);
        else /* done in time, but nobody said so before the verdict */
            table_empty(table);
    } else {
        table_empty(table);
        table_empty(table);
    }
    table_text(table, final ? zh ? "终判" : "final" : zh ? "暂定" : "provisional");
    table_text(table, promise->clause[0] ? promise->clause : NULL);
    table_text(table, ds_clock_name(promise->clock));
}

static int by_due(const void *a, const void *b)
{
    const struct table_cell *one = a, *two = b; /* first cell of a row: the due */

    if (one->number != two->number) return one->number < two->number ? -1 : 1;
    int order = strcmp(one[1].text, two[1].text);
    return order != 0 ? order : strcmp(one[11].text, two[11].text); /* ticket, then clock */
}

void report_sort_promises(struct table *table)
{
    if (table->n_rows > 0)
        qsort(table->cells, table->n_rows, table->n_columns * sizeof table->cells[0], by_due);
}
