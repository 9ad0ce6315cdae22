/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report_status.h"

#include "report_page.h"
#include "report_table.h"

#include <stdlib.h>

bool report_status_init(struct report_status *status, const struct profile_plan *plan) {
    *status = (struct report_status){
        .plan = plan,
        .zones = calloc(plan->zone_count + 1, sizeof *status->zones),
        .listeners = calloc(plan->listener_count + 1, sizeof *status->listeners),
    };
    if (status->zones == NULL || status->listeners == NULL) {
        report_status_finish(status);
        return false;
    }
    return true;
}

void report_status_finish(struct report_status *status) {
    free(status->zones);
    free(status->listeners);
    *status = (struct report_status){.plan = NULL};
}

enum fault report_status_main_fault(const metrics_counter faults[FAULT_COUNT]) {
    enum fault main = FAULT_NONE;
    uint64_t most = 0;
    for (unsigned fault = FAULT_NONE + 1; fault < FAULT_COUNT; fault++) {
        uint64_t count = metrics_read(&faults[fault]);
        if (count > most) {
            most = count;
            main = (enum fault)fault;
        }
    }
    return main;
}

void report_status_take_zone(struct report_status *status, uint32_t zone, enum metrics_state state,
                             enum fault fault, int64_t since_wall_ns) {
    status->zones[zone] = (struct report_status_row){
        .known = true,
        .state = state,
        .fault = state == METRICS_ACTIVE ? FAULT_NONE : fault,
        .since_wall_ns = since_wall_ns,
    };
}

/* Whose connections come and go says nothing by what is open at one moment. */
static bool is_churned(const struct profile_plan *plan, uint32_t listener) {
    for (uint32_t i = 0; i < plan->zone_count; i++) {
        const struct profile_zone_load *load = &plan->zones[i].load;
        bool comes_and_goes = load->shape != PROFILE_SHAPE_HOLD || load->dialogs > 0;
        if (comes_and_goes && profile_zone_dials(&plan->zones[i], listener)) {
            return true;
        }
    }
    return false;
}

/* Then as a zone in churn is judged: all, some, none. */
static enum metrics_state state_of_listener(const struct metrics_listener_snapshot *now,
                                            bool churned) {
    if (now->accepted == 0) {
        return METRICS_IDLE;
    }
    if (churned && now->admitted > 0) {
        return now->refused + now->aborted > 0 ? METRICS_DEGRADED : METRICS_ACTIVE;
    }
    return now->open > 0 ? METRICS_ACTIVE : METRICS_FAILED;
}

void report_status_take_listener(struct report_status *status, uint32_t listener,
                                 const struct metrics_listener_snapshot *now, enum fault fault,
                                 int64_t since_wall_ns) {
    enum metrics_state state = state_of_listener(now, is_churned(status->plan, listener));
    status->listeners[listener] = (struct report_status_row){
        .known = true,
        .state = state,
        .fault = state == METRICS_ACTIVE ? FAULT_NONE : fault,
        .since_wall_ns = since_wall_ns,
    };
}

void report_status_take_summary(struct report_status *status,
                                const struct metrics_summary *summary) {
    for (uint32_t i = 0; i < status->plan->zone_count; i++) {
        const struct metrics_zone *zone = &summary->total.zones[i];
        enum fault fault = report_status_main_fault(zone->faults);
        if (summary->zones[i].ran) {
            report_status_take_zone(
                status, i, summary->zones[i].state,
                fault != FAULT_NONE ? fault : report_status_main_fault(zone->lost_faults),
                summary->started_wall_ns);
        }
    }
    for (uint32_t i = 0; i < status->plan->listener_count; i++) {
        const struct metrics_listener *listener = &summary->total.listeners[i];
        const struct metrics_listener_snapshot end = {
            .accepted = metrics_read(&listener->accepted),
            .admitted = metrics_read(&listener->admitted),
            .refused = metrics_read(&listener->refused),
            .aborted = metrics_read(&listener->aborted),
            .open = metrics_read(&listener->admitted) - metrics_read(&listener->closed),
        };
        if (summary->listeners[i].ran) {
            report_status_take_listener(status, i, &end, report_status_main_fault(listener->faults),
                                        summary->started_wall_ns);
        }
    }
}

struct page {
    const struct report_status *status;
    uint32_t node;
};

static void put(char cell[REPORT_CELL_SIZE], const char *text) {
    snprintf(cell, REPORT_CELL_SIZE, "%s", text);
}

static bool zone_row(const void *context, uint32_t index, report_cells cells) {
    const struct page *page = context;
    struct report_zone_line line;
    if (!report_page_zone(page->status, page->node, index, &line)) {
        return false;
    }
    put(cells[0], line.name);
    put(cells[1], line.type);
    put(cells[2], line.calls);
    put(cells[3], line.bandwidth);
    put(cells[4], line.h323_status);
    put(cells[5], line.sip_status);
    put(cells[6], line.search_rules);
    return true;
}

static bool tunnel_row(const void *context, uint32_t index, report_cells cells) {
    const struct page *page = context;
    struct report_tunnel_line line;
    if (!report_page_tunnel(page->status, page->node, index, &line)) {
        return false;
    }
    put(cells[0], line.target);
    put(cells[1], line.domain);
    put(cells[2], line.status);
    put(cells[3], line.created);
    put(cells[4], line.reason);
    put(cells[5], line.peer);
    return true;
}

void report_status_write_zones(const struct report_status *status, uint32_t node, FILE *out) {
    const struct page page = {.status = status, .node = node};
    const struct report_table table = {
        .heading = "Zones",
        .heads = {"Name", "Type", "Calls", "Bandwidth used", "H323 status", "SIP status",
                  "Search rule status"},
        .column_count = 7,
        .row_count = report_page_zone_lines(status),
        .row = zone_row,
        .context = &page,
    };
    report_table_write(&table, out);
}

void report_status_write_tunnels(const struct report_status *status, uint32_t node, FILE *out) {
    const struct page page = {.status = status, .node = node};
    const struct report_table table = {
        .heading = "Unified Communications SSH tunnels status",
        .heads = {"Target", "Domain", "Status", "Tunnel Created", "Reason", "Peer"},
        .column_count = 6,
        .row_count = report_page_tunnel_lines(status),
        .row = tunnel_row,
        .context = &page,
    };
    report_table_write(&table, out);
}
