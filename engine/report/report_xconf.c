/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report_dump_item.h"

#include <string.h>

static const char *on_off(bool on) {
    return on ? "On" : "Off";
}

/* The mode in force at the end: that of a listener which follows its node's. */
static bool checks_eku(const struct profile_plan *plan, uint32_t node,
                       const struct metrics_summary *summary) {
    for (uint32_t i = 0; summary != NULL && i < plan->listener_count; i++) {
        if (plan->listeners[i].node == node &&
            plan->listeners[i].eku_check == PROFILE_EKU_CHECK_NODE && summary->listeners[i].ran) {
            return summary->listeners[i].checks_eku;
        }
    }
    return plan->nodes[node].eku_checking;
}

static void write_system(struct report_dump *dump, const struct profile_node *node) {
    report_dump_item(dump, node->name, "SystemUnit/Name");
    report_dump_item(dump, node->address, "Ethernet 1/IP/Address");
    report_dump_item(dump, node->external_address, "Ethernet 2/IP/Address");
}

static void join(char *out, size_t out_size, const struct profile_texts *texts) {
    size_t length = 0;
    out[0] = '\0';
    for (uint32_t i = 0; i < texts->count && length < out_size; i++) {
        length += (size_t)snprintf(out + length, out_size - length, "%s%s", i == 0 ? "" : ", ",
                                   texts->items[i]);
    }
}

static void write_identity(struct report_dump *dump, const struct profile_plan *plan,
                           const struct profile_identity *identity, const char *store,
                           uint32_t number) {
    char text[512];
    report_dump_item(
        dump, identity->issuer == PROFILE_NONE ? NULL : plan->authorities[identity->issuer].name,
        "Certificates/%s/Certificate %u/Issuer", store, number);
    report_dump_item(dump, identity->certificate_path, "Certificates/%s/Certificate %u/File", store,
                     number);
    join(text, sizeof text, &identity->names);
    report_dump_item(dump, text, "Certificates/%s/Certificate %u/Subject Alternative Names", store,
                     number);
    join(text, sizeof text, &identity->eku.usages);
    report_dump_item(dump, identity->eku.present ? text : "none",
                     "Certificates/%s/Certificate %u/ExtendedKeyUsage", store, number);
}

static void write_store(struct report_dump *dump, const struct profile_plan *plan,
                        const struct profile_store *store, const char *name) {
    if (store->kind == PROFILE_STORE_NONE) {
        report_dump_item(dump, "none", "Certificates/%s/Store", name);
    }
    if (store->kind == PROFILE_STORE_COPY_OF_SERVER) {
        report_dump_item(dump, "copy of the server certificate", "Certificates/%s/Store", name);
    }
    for (uint32_t i = 0; i < store->identity_count; i++) {
        write_identity(dump, plan, &store->identities[i], name, i + 1);
    }
}

static void write_certificates(struct report_dump *dump, const struct profile_plan *plan,
                               const struct profile_node *node) {
    write_store(dump, plan, &node->server_store, "Server");
    write_store(dump, plan, &node->client_store, "Client");
    for (uint32_t i = 0; i < node->trust_count; i++) {
        report_dump_item(dump, plan->authorities[node->trust[i]].name, "Certificates/Trust/CA %u",
                         i + 1);
    }
}

static const struct profile_listener *listener_of(const struct profile_plan *plan, uint32_t node,
                                                  enum profile_service service) {
    for (uint32_t i = 0; i < plan->listener_count; i++) {
        if (plan->listeners[i].node == node && plan->listeners[i].service == service) {
            return &plan->listeners[i];
        }
    }
    return NULL;
}

static void write_port(struct report_dump *dump, const struct profile_listener *listener,
                       const char *path) {
    if (listener != NULL) {
        report_dump_number(dump, listener->port, "%s", path);
    }
}

static void write_sip(struct report_dump *dump, const struct profile_plan *plan, uint32_t index,
                      const struct metrics_summary *summary) {
    const struct profile_node *node = &plan->nodes[index];
    unsigned versions = node->tls.versions;
    report_dump_item(dump,
                     versions == PROFILE_TLS_1_2   ? "TLSv1.2"
                     : versions == PROFILE_TLS_1_3 ? "TLSv1.3"
                                                   : "TLSv1.2:TLSv1.3",
                     "SIP/Advanced/SipTlsVersions");
    write_port(dump, listener_of(plan, index, PROFILE_SERVICE_SIP_MTLS), "SIP/MTLS/Port");
    if (node->product->has_eku_switch) {
        report_dump_item(dump, on_off(checks_eku(plan, index, summary)),
                         "SIP/TLS/Certificate/ExtendedKeyUsage/Checking/Mode");
    }
    write_port(dump, listener_of(plan, index, PROFILE_SERVICE_SIP), "SIP/TLS/Port");
}

static void write_services(struct report_dump *dump, const struct profile_plan *plan,
                           uint32_t node) {
    unsigned number = 0;
    for (uint32_t i = 0; i < plan->listener_count; i++) {
        const struct profile_listener *listener = &plan->listeners[i];
        if (listener->node == node) {
            number++;
            report_dump_item(dump, listener->name, "Services/Service %u/Name", number);
            report_dump_item(dump, listener->address, "Services/Service %u/Address", number);
            report_dump_number(dump, listener->port, "Services/Service %u/Port", number);
        }
    }
}

/* The product's word for the kind, which is a level of its own in the paths below. */
static const char *kind_of(enum profile_zone_type type) {
    switch (type) {
    case PROFILE_ZONE_NEIGHBOR:
        return "Neighbor";
    case PROFILE_ZONE_TRAVERSAL:
    case PROFILE_ZONE_UC_TRAVERSAL:
        return "TraversalClient";
    case PROFILE_ZONE_DNS:
    case PROFILE_ZONE_WEBEX:
        return "DNS";
    case PROFILE_ZONE_TUNNEL:
        return "SshTunnel";
    case PROFILE_ZONE_TFTP:
    case PROFILE_ZONE_PROVISIONING:
    case PROFILE_ZONE_WEBRTC:
    default:
        return "Https";
    }
}

/* Where a zone goes, or where it comes in. */
struct zone_facts {
    const char *name;
    const char *kind;
    bool is_uc;
    bool is_sip;
    const char *address;
    uint32_t port;
    const char *verify_name;
    const char *username;
    const char *domain;
};

static void write_zone(struct report_dump *dump, unsigned number, const struct zone_facts *zone) {
    const char *kind = zone->kind;
    const char *protocol = zone->is_sip ? "SIP/" : "";
    report_dump_item(dump, zone->name, "Zones/Zone %u/Name", number);
    report_dump_item(dump, kind, "Zones/Zone %u/Type", number);
    report_dump_item(dump, zone->username, "Zones/Zone %u/%s/Authentication/UserName", number,
                     kind);
    report_dump_item(dump, zone->is_uc ? "On" : NULL, "Zones/Zone %u/%s/Collaboration Edge", number,
                     kind);
    report_dump_item(dump, zone->domain, "Zones/Zone %u/%s/Domain", number, kind);
    report_dump_item(dump, zone->address, "Zones/Zone %u/%s/%sPeer 1/Address", number, kind,
                     protocol);
    report_dump_number(dump, zone->port, "Zones/Zone %u/%s/%sPort", number, kind, protocol);
    report_dump_item(dump, on_off(zone->verify_name != NULL), "Zones/Zone %u/%s/%sTLS/Verify/Mode",
                     number, kind, protocol);
    report_dump_item(dump, zone->verify_name, "Zones/Zone %u/%s/%sTLS/Verify/Subject Name", number,
                     kind, protocol);
}

static struct zone_facts facts_of_zone(const struct profile_plan *plan,
                                       const struct profile_zone *zone) {
    struct zone_facts facts = {
        .name = zone->name,
        .kind = kind_of(zone->type),
        .is_uc = zone->type == PROFILE_ZONE_UC_TRAVERSAL,
        .is_sip = profile_zone_protocol(zone) == PROFILE_PROTOCOL_SIP,
        .address = zone->peer_host,
        .port = zone->peer_port != 0 ? zone->peer_port : 5061, /* where DNS names no other */
        .verify_name = zone->verify_name,
        .username = zone->credentials.username,
        .domain = zone->domain,
    };
    if (zone->peer_listener != PROFILE_NONE) {
        const struct profile_listener *listener = &plan->listeners[zone->peer_listener];
        const struct profile_node *node = &plan->nodes[listener->node];
        facts.address = listener->address != NULL ? listener->address : node->address;
        facts.port = listener->port;
        if (node->external != NULL) {
            facts.address = node->external;
            facts.port = node->external_port != 0 ? node->external_port : listener->port;
        }
    }
    return facts;
}

static void write_zones(struct report_dump *dump, const struct profile_plan *plan, uint32_t node) {
    unsigned number = 0;
    for (uint32_t i = 0; i < plan->zone_count; i++) {
        if (plan->zones[i].node == node) {
            const struct zone_facts facts = facts_of_zone(plan, &plan->zones[i]);
            write_zone(dump, ++number, &facts);
        }
    }
    for (uint32_t i = 0; i < plan->listener_count; i++) {
        const struct profile_listener *listener = &plan->listeners[i];
        bool is_uc = listener->service == PROFILE_SERVICE_UC_TRAVERSAL;
        if (listener->node == node && (is_uc || listener->service == PROFILE_SERVICE_TRAVERSAL)) {
            const struct zone_facts facts = {
                .name = listener->name,
                .kind = "TraversalServer",
                .is_uc = is_uc,
                .is_sip = true,
                .port = listener->port,
                .verify_name = listener->verify_name,
                .username = listener->credentials.username,
            };
            write_zone(dump, ++number, &facts);
        }
    }
}

bool report_xconf_write(const struct profile_plan *plan, uint32_t node,
                        const struct metrics_summary *summary, enum report_dump_form form,
                        FILE *out) {
    const struct profile_node *row = &plan->nodes[node];
    struct report_dump dump = {
        .out = out, .form = form, .command = "c xConfiguration", .root = "Configuration"};
    report_dump_begin(&dump, row);
    write_system(&dump, row);
    write_certificates(&dump, plan, row);
    write_sip(&dump, plan, node, summary);
    write_services(&dump, plan, node);
    write_zones(&dump, plan, node);
    if (row->product->has_server_eku_upload) {
        report_dump_item(&dump, on_off(row->server_eku_upload),
                         "XCP/TLS/Certificate/CVS/EnableServerEkuUpload");
    }
    return report_dump_end(&dump);
}
