/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "profile_plan_dump.h"

#include <inttypes.h>
#include <stdio.h>

static void text(FILE *out, const char *name, const char *value) {
    fprintf(out, " %s=%s", name, value == NULL ? "NULL" : value);
}

static void texts(FILE *out, const char *name, const struct profile_texts *values) {
    fprintf(out, " %s=%u", name, values->count);
    for (uint32_t i = 0; i < values->count; i++) {
        fprintf(out, " '%s'", values->items[i]);
    }
}

static void usages(FILE *out, const char *name, const struct profile_eku *eku) {
    fprintf(out, " %d", eku->present);
    texts(out, name, &eku->usages);
}

static void authority(FILE *out, const struct profile_authority *row) {
    fprintf(out, "authority %d %" PRId64 " %u", (int)row->kind, row->client_auth_until,
            row->intermediates);
    text(out, "name", row->name);
    text(out, "key", row->key);
    usages(out, "root", &row->root_eku);
    usages(out, "intermediate", &row->intermediate_eku);
    text(out, "cert", row->certificate_path);
    text(out, "key_file", row->key_path);
    fputc('\n', out);
}

static void store(FILE *out, const struct profile_store *row) {
    fprintf(out, " store %d\n", (int)row->kind);
    for (uint32_t i = 0; i < row->identity_count; i++) {
        const struct profile_identity *identity = &row->identities[i];
        fprintf(out,
                "  identity %u %d %" PRId64 " %" PRId64 " %d %d %u %u %d serial=", identity->issuer,
                identity->critical, identity->not_before, identity->not_after, identity->send_chain,
                identity->revoked, identity->count, identity->weight, identity->unchecked);
        for (uint32_t j = 0; j < identity->serial_length; j++) {
            fprintf(out, "%02x", identity->serial[j]);
        }
        usages(out, "eku", &identity->eku);
        texts(out, "names", &identity->names);
        text(out, "key", identity->key);
        text(out, "subject", identity->subject);
        text(out, "cert", identity->certificate_path);
        text(out, "key_file", identity->key_path);
        fputc('\n', out);
    }
}

static void node(FILE *out, const struct profile_node *row) {
    fprintf(out, "node %u %d %d %d %u", row->external_port, row->eku_checking, (int)row->eku_policy,
            (int)row->off_policy, row->tls.versions);
    text(out, "name", row->name);
    text(out, "product", row->product->product);
    text(out, "release", row->release);
    text(out, "address", row->address);
    text(out, "external", row->external);
    text(out, "outside", row->external_address);
    fprintf(out, " upload %d", row->server_eku_upload);
    for (uint32_t i = 0; i < row->route_count; i++) {
        fprintf(out, " route %u %u", row->routes[i].zone, row->routes[i].listener);
        text(out, "match", row->routes[i].match);
    }
    texts(out, "suites", &row->tls.suites);
    texts(out, "groups", &row->tls.groups);
    for (uint32_t i = 0; i < row->trust_count; i++) {
        fprintf(out, " trusts %u", row->trust[i]);
    }
    store(out, &row->server_store);
    store(out, &row->client_store);
}

static void credentials(FILE *out, const struct profile_credentials *row) {
    text(out, "username", row->username);
    text(out, "password", row->password);
    for (uint32_t i = 0; i < row->algorithm_count; i++) {
        fprintf(out, " digest %d", (int)row->algorithms[i]);
    }
}

static void listener(FILE *out, const struct profile_listener *row) {
    fprintf(out, "listener %u %d %u %d %d", row->node, (int)row->service, row->port,
            (int)row->client_certificate, (int)row->eku_check);
    text(out, "name", row->full_name);
    text(out, "address", row->address);
    text(out, "verify", row->verify_name);
    credentials(out, &row->credentials);
    fputc('\n', out);
}

static void zone(FILE *out, const struct profile_zone *row) {
    const struct profile_zone_load *load = &row->load;
    fprintf(out, "zone %u %d %u %u %d", row->node, (int)row->type, row->peer_listener,
            row->peer_port, (int)row->close);
    fprintf(out, " retry %d %u %" PRIu64 " %" PRIu64, row->retry.enabled, row->retry.burst,
            row->retry.gap_ns, row->retry.every_ns);
    fprintf(out, " load %d %u %u %f %u %d %" PRIu64 " %d %" PRIu64 " %" PRIu64, (int)load->shape,
            load->connections, load->opening, load->rate_per_s, load->concurrency,
            (int)load->arrival, load->hold_ns, (int)load->dialog, load->options_interval_ns,
            load->timeout_ns);
    fprintf(out, " dialog %" PRIu64 " %d %d %" PRIu64 " %" PRIu64 " %d", load->expires_ns,
            load->deregister, load->outbound, load->reinvite_ns, load->cancel_after_ns,
            (int)load->scheme);
    text(out, "name", row->full_name);
    for (uint32_t i = 0; i < row->retry.pause_count; i++) {
        fprintf(out, " pause %" PRIu64, row->retry.pauses_ns[i]);
    }
    for (uint32_t i = 0; i < row->after_count; i++) {
        fprintf(out, " after %u", row->after[i]);
    }
    credentials(out, &row->credentials);
    text(out, "target", row->target);
    text(out, "user", row->user);
    text(out, "domain", row->domain);
    text(out, "peer", row->peer_host);
    text(out, "verify", row->verify_name);
    texts(out, "sources", &row->sources);
    fputc('\n', out);
}

char *plan_dump(const struct profile_plan *plan) {
    char *all = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&all, &length);
    fprintf(out, "plan %" PRIu64 " %" PRIu64, plan->duration_ns, plan->seed);
    text(out, "name", plan->name);
    text(out, "proves", plan->proves);
    fputc('\n', out);
    for (uint32_t i = 0; i < plan->authority_count; i++) {
        authority(out, &plan->authorities[i]);
    }
    for (uint32_t i = 0; i < plan->node_count; i++) {
        node(out, &plan->nodes[i]);
    }
    for (uint32_t i = 0; i < plan->listener_count; i++) {
        listener(out, &plan->listeners[i]);
    }
    for (uint32_t i = 0; i < plan->zone_count; i++) {
        zone(out, &plan->zones[i]);
    }
    for (uint32_t i = 0; i < plan->expectation_count; i++) {
        const struct profile_expectation *row = &plan->expectations[i];
        fprintf(out, "expect %u %d %d", row->zone, (int)row->state, row->has_faults);
        texts(out, "faults", &row->faults);
        fputc('\n', out);
    }
    for (uint32_t i = 0; i < plan->threshold_count; i++) {
        const struct profile_threshold *row = &plan->thresholds[i];
        fprintf(out, "threshold %s %d %" PRIu64 "\n", row->expression, row->abort_on_fail,
                row->delay_ns);
    }
    fclose(out);
    return all;
}
