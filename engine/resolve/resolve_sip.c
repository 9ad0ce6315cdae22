/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "resolve_sip.h"

#include "resolve_channel.h"
#include "resolve_trail.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define SIPS_PORT        5061
#define NAME_SIZE        300
#define REPLACEMENTS_MAX 4
/* A weight of 0 still gets a little (RFC 2782), unless all are. */
#define SHARES_PER_WEIGHT 256u

static int compare_naptr(const void *a, const void *b) {
    const struct ares_naptr_reply *left = *(struct ares_naptr_reply *const *)a;
    const struct ares_naptr_reply *right = *(struct ares_naptr_reply *const *)b;
    return left->order != right->order ? (int)left->order - (int)right->order
                                       : (int)left->preference - (int)right->preference;
}

/* Only TLS is spoken here: of all services SIPS over TCP alone counts. */
static bool is_wanted(const struct ares_naptr_reply *record) {
    return strcasecmp((const char *)record->service, "SIPS+D2T") == 0 &&
           strcasecmp((const char *)record->flags, "s") == 0 && record->replacement != NULL &&
           record->replacement[0] != '\0';
}

/* The names whose SRV records are to be asked for, best first. */
static unsigned find_replacements(const struct resolve_search *search,
                                  char out[REPLACEMENTS_MAX][NAME_SIZE]) {
    struct ares_naptr_reply *list = NULL;
    struct ares_naptr_reply *sorted[16];
    unsigned wanted = 0;
    unsigned others = 0;
    resolve_trail_ask(search->answer, "NAPTR", search->question->host);
    int status = resolve_channel_naptr(search->resolve, search->question->host, &list);
    for (struct ares_naptr_reply *record = list; record != NULL; record = record->next) {
        if (is_wanted(record) && wanted < sizeof sorted / sizeof *sorted) {
            sorted[wanted++] = record;
        } else {
            others++;
        }
    }
    qsort(sorted, wanted, sizeof *sorted, compare_naptr);
    wanted = wanted > REPLACEMENTS_MAX ? REPLACEMENTS_MAX : wanted;
    for (unsigned i = 0; i < wanted; i++) {
        snprintf(out[i], NAME_SIZE, "%.255s", sorted[i]->replacement);
        resolve_trail_tell(search->answer, "%s%s", i == 0 ? "" : ", ", out[i]);
    }
    if (wanted == 0) {
        resolve_trail_tell(search->answer, "%s",
                           others > 0 ? "none for SIPS over TCP" : resolve_channel_words(status));
    }
    ares_free_data(list);
    return wanted;
}

static bool is_no_service(const struct ares_srv_reply *record) {
    return record->host == NULL || record->host[0] == '\0' || strcmp(record->host, ".") == 0;
}

static void tell_records(const struct resolve_search *search, const struct ares_srv_reply *list) {
    for (const struct ares_srv_reply *record = list; record != NULL; record = record->next) {
        resolve_trail_tell(search->answer, "%s%.255s:%u (%u/%u)", record == list ? "" : ", ",
                           is_no_service(record) ? "no such service" : record->host, record->port,
                           record->priority, record->weight);
    }
}

/* True when there are such records, whatever they lead to. */
static bool search_srv(struct resolve_search *search, const char *name) {
    struct ares_srv_reply *list = NULL;
    resolve_trail_ask(search->answer, "SRV", name);
    int status = resolve_channel_srv(search->resolve, name, &list);
    if (status != ARES_SUCCESS) {
        resolve_trail_tell(search->answer, "%s", resolve_channel_words(status));
        ares_free_data(list);
        return false;
    }
    tell_records(search, list);
    for (const struct ares_srv_reply *record = list; record != NULL; record = record->next) {
        uint32_t weight = record->weight == 0 ? 1 : record->weight * SHARES_PER_WEIGHT;
        const struct resolve_place place = {
            .port = record->port, .priority = record->priority, .weight = weight};
        if (!is_no_service(record) && record->port != 0) {
            resolve_search_addresses(search, record->host, &place);
        }
    }
    ares_free_data(list);
    return true;
}

void resolve_sip_search(struct resolve_search *search) {
    static const struct resolve_place plain = {.port = SIPS_PORT, .weight = SHARES_PER_WEIGHT};
    const char *host = search->question->host;
    char names[REPLACEMENTS_MAX][NAME_SIZE];
    unsigned count = find_replacements(search, names);
    bool has_records = false;
    for (unsigned i = 0; i < count && search->answer->count == 0; i++) {
        has_records = search_srv(search, names[i]) || has_records;
    }
    if (count == 0) {
        snprintf(names[0], NAME_SIZE, "_sips._tcp.%.255s", host);
        has_records = search_srv(search, names[0]);
    }
    if (!has_records && count == 0) {
        resolve_search_addresses(search, host, &plain);
    }
}
