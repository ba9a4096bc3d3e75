/* SPDX-License-Identifier: MIT
 *
 * Keeps enum ds_event_type in step with the proto: the generated descriptor is the authority. */
#include "domain/event.h"

#include <assert.h>

/* First and last of each run; the runs are dense and the test walks every number in between. */
static_assert((int)DS_EV_CALL_OFFERED == (int)DS__EVENT__BODY_CALL_OFFERED, "event numbers");
static_assert((int)DS_EV_REPORT_REPEATED == (int)DS__EVENT__BODY_REPORT_REPEATED, "event numbers");
static_assert((int)DS_EV_INSTALMENTS_REQUESTED == (int)DS__EVENT__BODY_INSTALMENTS_REQUESTED,
              "event numbers");
static_assert((int)DS_EV_RETURN_CHECKED == (int)DS__EVENT__BODY_RETURN_CHECKED, "event numbers");
static_assert((int)DS_EV_RETURN_RECORDED == (int)DS__EVENT__BODY_RETURN_RECORDED, "event numbers");
static_assert((int)DS_EV_SHEET_SUBMITTED == (int)DS__EVENT__BODY_SHEET_SUBMITTED, "event numbers");
static_assert((int)DS_EV_WEEKLY_SUBMITTED == (int)DS__EVENT__BODY_WEEKLY_SUBMITTED, "numbers");
static_assert((int)DS_EV_ACTIVATION_SCHEDULED == (int)DS__EVENT__BODY_ACTIVATION_SCHEDULED, "too");
static_assert((int)DS_EV_OFFERED == (int)DS__EVENT__BODY_OFFERED, "event numbers");
static_assert((int)DS_EV_RANKED == (int)DS__EVENT__BODY_RANKED, "event numbers");
static_assert((int)DS_EV_OUTCOME == (int)DS__EVENT__BODY_OUTCOME, "event numbers");
static_assert((int)DS_EV_CALLBACK_REQUESTED == (int)DS__EVENT__BODY_CALLBACK_REQUESTED, "numbers");
static_assert((int)DS_EV_SHEET_HANDED_IN == (int)DS__EVENT__BODY_SHEET_HANDED_IN, "numbers");
static_assert((int)DS_EV_WARNED == (int)DS__EVENT__BODY_WARNED, "event numbers");
static_assert((int)DS_EV_REJUDGED == (int)DS__EVENT__BODY_REJUDGED, "event numbers");
static_assert((int)DS_EV_RETURN_DECIDED == (int)DS__EVENT__BODY_RETURN_DECIDED, "event numbers");
static_assert((int)DS_EV_RETURN_CAUSE_FOUND == (int)DS__EVENT__BODY_RETURN_CAUSE_FOUND, "numbers");
static_assert((int)DS_EV_ENTRY_POSTED == (int)DS__EVENT__BODY_ENTRY_POSTED, "event numbers");
static_assert((int)DS_EV_INSTALMENTS_SET == (int)DS__EVENT__BODY_INSTALMENTS_SET, "event numbers");

enum { FIRST_BODY = 20 };

static const ProtobufCFieldDescriptor *body_field(int type)
{
    if (type < FIRST_BODY) return NULL;
    return protobuf_c_message_descriptor_get_field(&ds__event__descriptor, (unsigned)type);
}

const char *ds_event_name(int type)
{
    const ProtobufCFieldDescriptor *field = body_field(type);

    return field ? field->name : NULL;
}

bool ds_event_known(int type)
{
    return body_field(type) != NULL;
}
