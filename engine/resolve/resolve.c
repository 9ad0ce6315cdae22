/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "resolve.h"

#include "base_clock.h"
#include "resolve_channel.h"
#include "resolve_sip.h"
#include "resolve_trail.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Makes whole shares of a weight that several addresses of one name divide. */
#define SHARES_PER_ADDRESS RESOLVE_TARGETS_MAX

static int wanted_family(const struct resolve_search *search) {
    return search->question->family == RESOLVE_IPV6 ? AF_INET6 : AF_INET;
}

static void address_text(const struct ares_addrinfo_node *node, char out[RESOLVE_ADDRESS_SIZE]) {
    const void *octets =
        node->ai_family == AF_INET6
            ? (const void *)&((const struct sockaddr_in6 *)(const void *)node->ai_addr)->sin6_addr
            : (const void *)&((const struct sockaddr_in *)(const void *)node->ai_addr)->sin_addr;
    if (inet_ntop(node->ai_family, octets, out, RESOLVE_ADDRESS_SIZE) == NULL) {
        out[0] = '\0';
    }
}

static void add_address(struct resolve_search *search, const struct ares_addrinfo_node *node,
                        const struct resolve_place *place) {
    struct resolve_answer *answer = search->answer;
    if (node->ai_family != wanted_family(search)) {
        search->met_other_family = true;
        return;
    }
    if (answer->count == RESOLVE_TARGETS_MAX) {
        search->overflowed = true;
        return;
    }
    struct resolve_target *target = &answer->targets[answer->count++];
    *target = (struct resolve_target){.port = place->port, .priority = place->priority};
    address_text(node, target->address);
}

void resolve_search_addresses(struct resolve_search *search, const char *name,
                              const struct resolve_place *place) {
    struct resolve_answer *answer = search->answer;
    struct ares_addrinfo *list = NULL;
    uint32_t first = answer->count;
    resolve_trail_ask(answer, "addresses of", name);
    int status = resolve_channel_addresses(search->resolve, name, &list);
    if (status != ARES_SUCCESS) {
        resolve_trail_tell(answer, "%s", resolve_channel_words(status));
        return;
    }
    for (const struct ares_addrinfo_node *node = list->nodes; node != NULL; node = node->ai_next) {
        char text[RESOLVE_ADDRESS_SIZE];
        address_text(node, text);
        resolve_trail_tell(answer, "%s%s", node == list->nodes ? "" : ", ", text);
        add_address(search, node, place);
    }
    ares_freeaddrinfo(list);
    for (uint32_t i = first; i < answer->count; i++) {
        answer->targets[i].share = place->weight * SHARES_PER_ADDRESS / (answer->count - first);
    }
}

static bool conclude(const struct resolve_search *search, struct base_error *error) {
    const char *host = search->question->host;
    bool six = search->question->family == RESOLVE_IPV6;
    if (search->overflowed) {
        return base_error_set(error, BASE_ERROR_USAGE, "\"%s\" has more than %u addresses", host,
                              RESOLVE_TARGETS_MAX);
    }
    if (search->answer->count > 0) {
        return true;
    }
    if (search->met_other_family) {
        return base_error_set(error, BASE_ERROR_USAGE,
                              "\"%s\" has only %s addresses, and those it is dialled from are %s "
                              "(%s)",
                              host, six ? "IPv4" : "IPv6", six ? "IPv6" : "IPv4",
                              search->answer->trail);
    }
    return base_error_set(error, BASE_ERROR_USAGE, "\"%s\" cannot be resolved (%s)", host,
                          search->answer->trail);
}

static int compare_priorities(const void *a, const void *b) {
    const struct resolve_target *left = a;
    const struct resolve_target *right = b;
    return (int)left->priority - (int)right->priority;
}

static bool is_literal(const struct resolve_question *question, struct resolve_answer *answer) {
    uint8_t octets[16];
    if (inet_pton(AF_INET, question->host, octets) != 1 &&
        inet_pton(AF_INET6, question->host, octets) != 1) {
        return false;
    }
    struct resolve_target *target = &answer->targets[answer->count++];
    *target = (struct resolve_target){.port = question->port == 0 ? 5061 : question->port,
                                      .share = SHARES_PER_ADDRESS};
    snprintf(target->address, sizeof target->address, "%s", question->host);
    return true;
}

static bool is_remembered(const struct resolve *resolve, const struct resolve_question *question,
                          struct resolve_answer *answer) {
    for (const struct resolve_memory *memory = resolve->memories; memory != NULL;
         memory = memory->next) {
        if (memory->port == question->port && memory->family == question->family &&
            strcasecmp(memory->host, question->host) == 0) {
            *answer = memory->answer;
            answer->trail[0] = '\0';
            return true;
        }
    }
    return false;
}

/* Without memory it is asked again. */
static void remember(struct resolve *resolve, const struct resolve_question *question,
                     const struct resolve_answer *answer) {
    struct resolve_memory *memory = malloc(sizeof *memory);
    char *host = strdup(question->host);
    if (memory == NULL || host == NULL) {
        free(memory);
        free(host);
        return;
    }
    *memory = (struct resolve_memory){.next = resolve->memories,
                                      .host = host,
                                      .port = question->port,
                                      .family = question->family,
                                      .answer = *answer};
    resolve->memories = memory;
}

bool resolve_ask(struct resolve *resolve, const struct resolve_question *question,
                 struct resolve_answer *answer, struct base_error *error) {
    struct resolve_search search = {.resolve = resolve, .question = question, .answer = answer};
    answer->count = 0;
    answer->trail[0] = '\0';
    if (is_literal(question, answer) || is_remembered(resolve, question, answer)) {
        return true;
    }
    resolve->deadline_ns = base_clock_now_ns() + resolve->limit_ns;
    if (question->port == 0) {
        resolve_sip_search(&search);
    } else {
        const struct resolve_place place = {.port = question->port, .weight = 1};
        resolve_search_addresses(&search, question->host, &place);
    }
    qsort(answer->targets, answer->count, sizeof *answer->targets, compare_priorities);
    if (!conclude(&search, error)) {
        return false;
    }
    remember(resolve, question, answer);
    return true;
}
