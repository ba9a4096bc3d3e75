/* SPDX-License-Identifier: MIT
 *
 * Which line of the ledger an event is about, and what that line is about. */
#include <string.h>

#include "doorstep/explain.h"

const Ds__Entry *explain_entry(const struct record *record)
{
    if (record->msg->body_case == DS__EVENT__BODY_PROPOSED) return record->msg->proposed->entry;
    return record->entry;
}

const char *explain_key(const struct record *record)
{
    const Ds__Event *msg = record->msg;

    switch ((int)msg->body_case) {
    case DS_EV_ENTRY_POSTED:
    case DS_EV_PROPOSED: return explain_entry(record) ? ds_str(explain_entry(record)->key) : "";
    case DS_EV_PROPOSAL_CONFIRMED: return ds_str(msg->proposal_confirmed->proposal);
    case DS_EV_PROPOSAL_REJECTED: return ds_str(msg->proposal_rejected->proposal);
    case DS_EV_OBLIGATION_OPENED: return ds_str(msg->obligation_opened->entry);
    case DS_EV_CONFIRM_REQUESTED: return ds_str(msg->confirm_requested->proposal);
    case DS_EV_REJECT_REQUESTED: return ds_str(msg->reject_requested->proposal);
    case DS_EV_REVERSAL_REQUESTED: return ds_str(msg->reversal_requested->entry);
    case DS_EV_ENTRY_APPEALED: return ds_str(msg->entry_appealed->entry);
    case DS_EV_APPEAL_DECISION_REQUESTED: return ds_str(msg->appeal_decision_requested->entry);
    case DS_EV_INSTALMENTS_REQUESTED: return ds_str(msg->instalments_requested->entry);
    case DS_EV_OBLIGATION_CLOSE_REQUESTED:
        return ds_str(msg->obligation_close_requested->obligation);
    case DS_EV_PROPOSAL_EXPIRED: return ds_str(msg->proposal_expired->proposal);
    case DS_EV_APPEAL_OPENED: return ds_str(msg->appeal_opened->entry);
    case DS_EV_APPEAL_DECIDED: return ds_str(msg->appeal_decided->entry);
    case DS_EV_OBLIGATION_CLOSED: return ds_str(msg->obligation_closed->key);
    case DS_EV_INSTALMENTS_SET: return ds_str(msg->instalments_set->entry);
    default: return "";
    }
}

const char *explain_unreversed(const char *key)
{
    return strncmp(key, "reversal/", 9) == 0 ? key + 9 : key;
}

const char *explain_cause(const char *key)
{
    const char *slash = strchr(explain_unreversed(key), '/');

    if (slash) slash = strchr(slash + 1, '/');
    return slash ? slash + 1 : "";
}

bool explain_is_cause(const char *key, const char *id)
{
    const char *cause = explain_cause(key);
    size_t n = strlen(id);

    return strncmp(cause, id, n) == 0 && cause[n] == '/';
}
