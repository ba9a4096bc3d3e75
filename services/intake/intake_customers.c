/* SPDX-License-Identifier: MIT
 *
 * A customer's tickets: which open one a report repeats, which closed one it follows, and what
 * everybody needs to know of a new one. Pure. */
#include <string.h>

#include "intake/intake.h"

static bool same_text(const char *a, const char *b)
{
    return strcmp(ds_str(a), ds_str(b)) == 0;
}

static bool same_matter(const Ds__IntakeCustomer__Row *row, const Ds__Register *report)
{
    const char *category = report->product ? report->product->category : NULL;

    return row->kind == report->kind && row->complaint_type == report->complaint_type &&
           same_text(row->category, category);
}

const Ds__IntakeCustomer__Row *intake_find_open(const Ds__IntakeCustomer *customer,
                                                const Ds__Register *report, const char *about)
{
    bool service = report->complaint_type == DS__COMPLAINT_TYPE__NAME__SERVICE;

    for (size_t i = 0; i < customer->n_rows; i++) {
        const Ds__IntakeCustomer__Row *row = customer->rows[i];
        if (!row->open || !same_matter(row, report)) continue;
        if (service && (row->subject != report->subject || !same_text(row->about, about))) continue;
        return row;
    }
    return NULL;
}

const Ds__IntakeCustomer__Row *intake_find_closed(const Ds__IntakeCustomer *customer,
                                                  const Ds__Register *report)
{
    const char *category = report->product ? report->product->category : NULL;

    for (size_t i = customer->n_rows; i-- > 0;) {
        const Ds__IntakeCustomer__Row *row = customer->rows[i];
        if (!row->open && same_text(row->category, category)) return row;
    }
    return NULL;
}

const char *intake_next_clerk(const struct ds_version *version,
                              const struct ds_territory *territory, int64_t at_ms)
{
    const struct ds_person *on_duty;
    int64_t opening_ms = ds_cal_next_open(territory->calendar, at_ms);

    return ds_on_duty(version, territory, opening_ms, &on_duty, 1) > 0 ? on_duty->id : NULL;
}

/* A maker's dispatch, or what a machine reports, lies in our inbox until somebody looks: it is the
 * clerk's who is on duty at the next opening, whoever types it in. NULL: nobody is rostered; what
 * it costs is then put before the manager. */
static const char *clerk_of(const struct ds_version *version, const Ds__Register *report,
                            const struct intake_actor *actor, const struct ds_territory *territory,
                            int64_t at_ms)
{
    if (actor->person->role != DS_ROLE_SYSTEM && report->channel != DS__CHANNEL__NAME__MAKER)
        return actor->person->id;
    return intake_next_clerk(version, territory, at_ms);
}

void intake_fill_head(Ds__TicketHead *head, const struct ds_version *version,
                      const Ds__Command *command, const struct intake_actor *actor,
                      const struct ds_territory *territory, const char *about,
                      int64_t reported_at_ms)
{
    const Ds__Register *report = command->register_;
    const Ds__Customer *customer = report->customer;

    DS_SET(head, kind, report->kind);
    if (report->has_complaint_type) DS_SET(head, complaint_type, report->complaint_type);
    if (report->has_subject) DS_SET(head, subject, report->subject);
    if (report->urgent) DS_SET(head, urgent, true);
    if (report->has_channel) DS_SET(head, channel, report->channel);
    head->territory = (char *)territory->id;
    head->clerk = (char *)clerk_of(version, report, actor, territory, reported_at_ms);
    head->about = (char *)about;
    head->ref = report->ref;
    DS_SET(head, reported_at_ms, reported_at_ms);
    if (report->product) {
        head->category = report->product->category;
        head->model = report->product->model;
    }
    if (!customer) return;
    head->phone = customer->phone;
    head->area = customer->area;
    if (customer->has_city || customer->has_distance_m)
        DS_SET(head, zone,
               (Ds__Zone__Name)ds_zone_of(version, customer->city, customer->distance_m));
    if (customer->institution || customer->purchases_fen >= version->key_purchases_fen)
        DS_SET(head, key_customer, true);
}
