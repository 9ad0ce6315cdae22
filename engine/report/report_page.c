/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report_page.h"

#include "base_clock.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

const char *report_page_zone_type(enum profile_zone_type type) {
    switch (type) {
    case PROFILE_ZONE_NEIGHBOR:
        return "Neighbor";
    case PROFILE_ZONE_TRAVERSAL:
        return "Traversal client";
    case PROFILE_ZONE_UC_TRAVERSAL:
        return "Unified Communications traversal";
    case PROFILE_ZONE_DNS:
        return "DNS";
    case PROFILE_ZONE_WEBEX:
        return "Webex";
    case PROFILE_ZONE_TUNNEL:
    case PROFILE_ZONE_TFTP:
    case PROFILE_ZONE_PROVISIONING:
    case PROFILE_ZONE_WEBRTC:
    default:
        return NULL;
    }
}

static const char *listener_type(enum profile_service service) {
    if (service == PROFILE_SERVICE_TRAVERSAL) {
        return "Traversal server";
    }
    return service == PROFILE_SERVICE_UC_TRAVERSAL ? "Unified Communications traversal" : NULL;
}

static const char *sip_status(enum metrics_state state) {
    static const char *const words[] = {
        [METRICS_IDLE] = "Checking",
        [METRICS_FAILED] = "Failed",
        [METRICS_DEGRADED] = "Warning",
        [METRICS_ACTIVE] = "Active",
    };
    return words[state];
}

static bool is_routed_to(const struct profile_node *node, uint32_t zone, uint32_t listener) {
    for (uint32_t i = 0; i < node->route_count; i++) {
        const struct profile_route *route = &node->routes[i];
        if ((zone != PROFILE_NONE && route->zone == zone) ||
            (listener != PROFILE_NONE && route->listener == listener)) {
            return true;
        }
    }
    return false;
}

static void fill_zone(struct report_zone_line *line, const struct report_status_row *row) {
    line->calls = "-";          /* nodes relay without keeping a call in mind: nobody knows */
    line->bandwidth = "0 kbps"; /* calls have no media */
    line->h323_status = "Off";
    line->sip_status = sip_status(row->state);
    line->cause = row->fault == FAULT_NONE ? "" : base_fault_text(row->fault);
}

static const char *search_rules(bool routed) {
    return routed ? "Search rules enabled" : "No search rules configured";
}

uint32_t report_page_zone_lines(const struct report_status *status) {
    return status->plan->zone_count + status->plan->listener_count;
}

bool report_page_zone(const struct report_status *status, uint32_t node, uint32_t index,
                      struct report_zone_line *line) {
    const struct profile_plan *plan = status->plan;
    if (index < plan->zone_count) {
        const struct profile_zone *zone = &plan->zones[index];
        line->name = zone->name;
        line->type = report_page_zone_type(zone->type);
        line->search_rules = search_rules(is_routed_to(&plan->nodes[node], index, PROFILE_NONE));
        fill_zone(line, &status->zones[index]);
        return zone->node == node && line->type != NULL && status->zones[index].known;
    }
    uint32_t place = index - plan->zone_count;
    const struct profile_listener *listener = &plan->listeners[place];
    line->name = listener->name;
    line->type = listener_type(listener->service);
    line->search_rules = search_rules(is_routed_to(&plan->nodes[node], PROFILE_NONE, place));
    fill_zone(line, &status->listeners[place]);
    return listener->node == node && line->type != NULL && status->listeners[place].known;
}

/* What ssh says; the cause behind it stands in the event log. */
static const char *tunnel_reason(enum fault fault) {
    switch (fault) {
    case FAULT_NONE:
        return "";
    case FAULT_TCP_TIMEOUT:
    case FAULT_TLS_TIMEOUT:
    case FAULT_TUNNEL_TIMEOUT:
        return "Connection timed out";
    case FAULT_TCP_REFUSED:
        return "Connection refused";
    case FAULT_TCP_RESET:
        return "Connection reset by peer";
    case FAULT_TCP_UNREACHABLE:
        return "No route to host";
    case FAULT_TLS_CLOSED:
        return "Connection closed by remote host";
    default:
        break;
    }
    bool refused = (fault >= FAULT_TLS_ALERT_CLOSE_NOTIFY && fault <= FAULT_TLS_ALERT_UNKNOWN) ||
                   (fault >= FAULT_TLS_PEER_UNTRUSTED && fault <= FAULT_TLS_PEER_BAD_CERTIFICATE) ||
                   fault == FAULT_TUNNEL_PERMISSION_DENIED;
    return refused ? "Permission denied" : base_fault_text(fault);
}

static const char *tunnel_status(enum metrics_state state) {
    static const char *const words[] = {
        [METRICS_IDLE] = "Pending",
        [METRICS_FAILED] = "Failed",
        [METRICS_DEGRADED] = "Warning",
        [METRICS_ACTIVE] = "Active",
    };
    return words[state];
}

/* The name that the opener knows its peer by. */
static const char *name_of_peer(const struct profile_plan *plan, const struct profile_zone *zone) {
    if (zone->verify_name != NULL) {
        return zone->verify_name;
    }
    if (zone->peer_listener == PROFILE_NONE) {
        return zone->peer_host;
    }
    const struct profile_node *node = &plan->nodes[plan->listeners[zone->peer_listener].node];
    const struct profile_store *store = &node->server_store;
    if (store->identity_count > 0 && store->identities[0].names.count > 0) {
        return store->identities[0].names.items[0];
    }
    return node->name;
}

/* The page shows UTC, whatever the system's time zone. */
static void format_created(int64_t wall_ns, char out[REPORT_PAGE_TIME]) {
    time_t seconds = (time_t)(wall_ns / (int64_t)BASE_NS_PER_S);
    struct tm utc;
    out[0] = '\0';
    if (wall_ns != 0 && gmtime_r(&seconds, &utc) != NULL) {
        strftime(out, REPORT_PAGE_TIME, "%d/%m/%Y %H:%M:%S", &utc);
    }
}

uint32_t report_page_tunnel_lines(const struct report_status *status) {
    return status->plan->zone_count;
}

bool report_page_tunnel(const struct report_status *status, uint32_t node, uint32_t index,
                        struct report_tunnel_line *line) {
    const struct profile_plan *plan = status->plan;
    const struct profile_zone *zone = &plan->zones[index];
    const struct report_status_row *row = &status->zones[index];
    bool opened_here = zone->node == node;
    bool accepted_here =
        zone->peer_listener != PROFILE_NONE && plan->listeners[zone->peer_listener].node == node;
    if (zone->type != PROFILE_ZONE_TUNNEL || (!opened_here && !accepted_here)) {
        return false;
    }
    if (!row->known && accepted_here) {
        row = &status->listeners[zone->peer_listener];
    }
    snprintf(line->target, sizeof line->target, "%s",
             opened_here ? name_of_peer(plan, zone) : plan->nodes[zone->node].name);
    line->domain = zone->domain == NULL ? "-" : zone->domain;
    line->status = tunnel_status(row->state);
    format_created(row->since_wall_ns, line->created);
    line->reason = tunnel_reason(row->fault);
    line->peer = plan->nodes[node].address == NULL ? "-" : plan->nodes[node].address;
    return row->known;
}
