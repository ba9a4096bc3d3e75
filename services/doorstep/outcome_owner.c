/* SPDX-License-Identifier: MIT */
#include "doorstep/outcome_owner.h"

enum ds_source outcomes_owner(Ds__Command__BodyCase type)
{
    switch ((int)type) {
    case DS__COMMAND__BODY_ASSIGN:
    case DS__COMMAND__BODY_ACCEPT:
    case DS__COMMAND__BODY_REJECT: return DS_DISPATCHER;
    case DS__COMMAND__BODY_SUBMIT_SHEET:
    case DS__COMMAND__BODY_RECORD_CALLBACK: return DS_SURVEY;
    case DS__COMMAND__BODY_CHECK_RETURN:
    case DS__COMMAND__BODY_RECORD_RETURN:
    case DS__COMMAND__BODY_REJUDGE: return DS_WATCHER;
    case DS__COMMAND__BODY_REPORT_VIOLATION:
    case DS__COMMAND__BODY_CONFIRM_PROPOSAL:
    case DS__COMMAND__BODY_REJECT_PROPOSAL:
    case DS__COMMAND__BODY_REVERSE_ENTRY:
    case DS__COMMAND__BODY_CLOSE_OBLIGATION:
    case DS__COMMAND__BODY_APPEAL_ENTRY:
    case DS__COMMAND__BODY_DECIDE_APPEAL:
    case DS__COMMAND__BODY_CLOSE_MONTH:
    case DS__COMMAND__BODY_SET_INSTALMENTS: return DS_LEDGER;
    default: return DS_SOURCE_NONE;
    }
}
