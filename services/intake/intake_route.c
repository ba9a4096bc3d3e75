/* SPDX-License-Identifier: MIT
 *
 * Which partition a command belongs to: the ticket says it, else the territory, the called number,
 * the call, the person or the account. Pure. */
#include <string.h>

#include "domain/ids.h"
#include "engine/part.h"
#include "intake/intake.h"

/* A person's territory, or that of the outlet he works for. */
static const struct ds_territory *territory_of_account(const struct ds_version *version,
                                                       const char *key)
{
    const struct ds_account *account = ds_find_account(version, key);

    if (account) return account->territory;
    if (!key || strncmp(key, "person:", 7) != 0) return NULL;
    const struct ds_person *person = ds_find_person(version, key + 7);
    return person ? person->territory : NULL;
}

/* "/200703" */
static bool is_month(const char *text)
{
    size_t n = 0;

    if (text[0] != '/') return false;
    while (text[n + 1] >= '0' && text[n + 1] <= '9')
        n++;
    return n == 6 && text[n + 1] == '\0';
}

/* Territory of a cause, if it says it: a ticket ("T007-12/visit#1") and an event ("intake/p007/9")
 * say their partition, a month ("county/200703") its territory. */
static const struct ds_territory *territory_of_cause(const struct ds_version *version,
                                                     const char *cause)
{
    char ticket[DS_ID_MAX + 1];
    uint32_t partition = 0;
    uint64_t seq;
    size_t n = 0;

    if (strncmp(cause, "intake/p", 8) == 0) {
        for (const char *at = cause + 8; *at >= '0' && *at <= '9' && partition < 1000; at++)
            partition = 10 * partition + (uint32_t)(*at - '0');
    } else {
        while (cause[n] && cause[n] != '/')
            n++;
        if (n > DS_ID_MAX) return NULL;
        memcpy(ticket, cause, n);
        ticket[n] = '\0';
        if (is_month(cause + n)) return ds_find_territory(version, ticket);
        if (!ds_parse_ticket_id(ticket, &partition, &seq)) return NULL;
    }
    for (uint32_t i = 0; i < version->n_territories; i++)
        if (version->territories[i].partition == partition) return &version->territories[i];
    return NULL;
}

/* Keys of the ledger are clause/account/cause; a reversal's key has "reversal/" before it. What
 * happened says where it is booked, even for those who belong nowhere or have moved; an occasion on
 * the telephone does not, and is its clerk's. */
static const struct ds_territory *territory_of_key(const struct ds_version *version,
                                                   const char *key)
{
    char account[DS_ACCOUNT_MAX + 1];

    if (strncmp(key, "reversal/", 9) == 0) key += 9;
    const char *from = strchr(key, '/');
    const char *to = from ? strchr(from + 1, '/') : NULL;
    if (!to || (size_t)(to - from - 1) >= sizeof account) return NULL;
    memcpy(account, from + 1, (size_t)(to - from - 1));
    account[to - from - 1] = '\0';
    const struct ds_territory *booked = territory_of_cause(version, to + 1);
    const struct ds_territory *owner = territory_of_account(version, account);
    return !booked || (owner && owner->partition == booked->partition) ? owner : booked;
}

const struct ds_territory *intake_territory_named(const struct ds_version *version,
                                                  const Ds__Command *command,
                                                  const char **ret_field)
{
    switch ((int)command->body_case) {
    case DS__COMMAND__BODY_REPORT_VIOLATION:
        *ret_field = "report_violation.account";
        return territory_of_account(version, command->report_violation->account);
    case DS__COMMAND__BODY_CONFIRM_PROPOSAL:
        *ret_field = "confirm_proposal.proposal";
        return territory_of_key(version, command->confirm_proposal->proposal);
    case DS__COMMAND__BODY_REJECT_PROPOSAL:
        *ret_field = "reject_proposal.proposal";
        return territory_of_key(version, command->reject_proposal->proposal);
    case DS__COMMAND__BODY_REVERSE_ENTRY:
        *ret_field = "reverse_entry.entry";
        return territory_of_key(version, command->reverse_entry->entry);
    case DS__COMMAND__BODY_CLOSE_OBLIGATION:
        *ret_field = "close_obligation.obligation";
        return territory_of_key(version, command->close_obligation->obligation);
    case DS__COMMAND__BODY_APPEAL_ENTRY:
        *ret_field = "appeal_entry.entry";
        return territory_of_key(version, command->appeal_entry->entry);
    case DS__COMMAND__BODY_DECIDE_APPEAL:
        *ret_field = "decide_appeal.entry";
        return territory_of_key(version, command->decide_appeal->entry);
    case DS__COMMAND__BODY_SET_INSTALMENTS:
        *ret_field = "set_instalments.entry";
        return territory_of_key(version, command->set_instalments->entry);
    default: return NULL;
    }
}

enum ds_code intake_check_answerer(const struct ds_version *version,
                                   const Ds__ConfirmProposal *confirm, const char *territory,
                                   struct ds_fault *fault)
{
    static const char field[] = "confirm_proposal.account";
    const char *key = confirm->account;

    if (!key) return DS_CODE_OK;
    if (!ds_find_account(version, key) &&
        !(strncmp(key, "person:", 7) == 0 && ds_find_person(version, key + 7)))
        return intake_fail(fault, DS_CODE_UNKNOWN_ACCOUNT, field, "an account of the directory");
    const struct ds_territory *his = territory_of_account(version, key);
    if (his && strcmp(his->id, territory) != 0)
        return intake_fail(fault, DS_CODE_OTHER_TERRITORY, field, territory);
    return DS_CODE_OK;
}

const struct ds_territory *intake_territory_of(const struct ds_version *version,
                                               const Ds__Command *command)
{
    const struct ds_person *person =
        ds_find_person(version, command->person ? command->person : command->by);
    const char *field;

    if (command->territory) return ds_find_territory(version, command->territory);
    if (command->body_case == DS__COMMAND__BODY_CALL_OFFERED)
        return ds_find_number(version, command->call_offered->called);
    const struct ds_territory *named = intake_territory_named(version, command, &field);
    if (named) return named;
    return person ? person->territory : NULL;
}

static const char *call_of(const Ds__Command *command)
{
    if (command->body_case == DS__COMMAND__BODY_CALL_ANSWERED) return command->call_answered->call;
    if (command->body_case == DS__COMMAND__BODY_CALL_ENDED) return command->call_ended->call;
    return NULL;
}

static enum ds_code no_territory(const Ds__Command *command, struct ds_fault *fault)
{
    if (command->territory)
        return intake_fail(fault, DS_CODE_UNKNOWN_TERRITORY, "territory",
                           "a territory of the directory");
    if (command->body_case == DS__COMMAND__BODY_CALL_OFFERED)
        return intake_fail(fault, DS_CODE_UNKNOWN_NUMBER, "call_offered.called", "");
    if (command->body_case == DS__COMMAND__BODY_REPORT_VIOLATION)
        return intake_fail(fault, DS_CODE_UNKNOWN_ACCOUNT, "report_violation.account",
                           "an account of the directory, or say the territory");
    if (intake_is_fact(command)) return intake_fail(fault, DS_CODE_NEEDS_TICKET, "", "");
    return intake_fail(fault, DS_CODE_MISSING_FIELD, "territory", "a territory of the directory");
}

/* Form, people and names of a command, before anybody looks for its place. */
static enum ds_code check(const struct ds_version *version, const Ds__Command *command,
                          struct ds_fault *fault)
{
    enum ds_code code = intake_check_required(command, fault);

    if (code == DS_CODE_OK) code = intake_check_sense(command, fault);
    if (code == DS_CODE_OK) code = intake_check_people(version, command, fault);
    if (code == DS_CODE_OK && command->territory && !ds_find_territory(version, command->territory))
        return no_territory(command, fault);
    return code;
}

enum ds_code intake_route(void *lookup_self, ds_part_lookup lookup,
                          const struct ds_version *version, const Ds__Command *command,
                          uint32_t *ret_partition, struct ds_fault *fault)
{
    char key[DS_ID_MAX + 2] = "C";
    uint64_t seq;

    enum ds_code code = check(version, command, fault);
    if (code != DS_CODE_OK) return code;
    if (command->ticket) {
        if (!ds_parse_ticket_id(command->ticket, ret_partition, &seq))
            return intake_fail(fault, DS_CODE_UNKNOWN_TICKET, "ticket", "an id like T007-123");
        return DS_CODE_OK;
    }
    if (!command->territory && call_of(command)) {
        ds_copy(key + 1, sizeof key - 1, call_of(command));
        const struct ds_part *part = lookup(lookup_self, key);
        if (part) {
            *ret_partition = part->partition;
            return DS_CODE_OK;
        }
    }
    const struct ds_territory *territory = intake_territory_of(version, command);
    if (!territory) return no_territory(command, fault);
    *ret_partition = territory->partition;
    return DS_CODE_OK;
}
