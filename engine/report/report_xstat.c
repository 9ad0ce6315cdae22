/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report_dump_item.h"
#include "report_page.h"

static void write_zone(struct report_dump *dump, unsigned number,
                       const struct report_zone_line *line) {
    report_dump_item(dump, line->name, "Zones/Zone %u/Name", number);
    report_dump_item(dump, line->type, "Zones/Zone %u/Type", number);
    report_dump_item(dump, line->calls, "Zones/Zone %u/Calls", number);
    report_dump_item(dump, line->bandwidth, "Zones/Zone %u/Bandwidth used", number);
    report_dump_item(dump, line->h323_status, "Zones/Zone %u/H323/Status", number);
    report_dump_item(dump, line->sip_status, "Zones/Zone %u/SIP/Status", number);
    report_dump_item(dump, line->cause[0] == '\0' ? NULL : line->cause, "Zones/Zone %u/SIP/Cause",
                     number);
    report_dump_item(dump, line->search_rules, "Zones/Zone %u/Search rule status", number);
}

static void write_tunnel(struct report_dump *dump, unsigned number,
                         const struct report_tunnel_line *line) {
    report_dump_item(dump, line->target, "SshTunnels/Tunnel %u/Target", number);
    report_dump_item(dump, line->domain, "SshTunnels/Tunnel %u/Domain", number);
    report_dump_item(dump, line->status, "SshTunnels/Tunnel %u/Status", number);
    report_dump_item(dump, line->created, "SshTunnels/Tunnel %u/Created", number);
    report_dump_item(dump, line->reason[0] == '\0' ? NULL : line->reason,
                     "SshTunnels/Tunnel %u/Reason", number);
    report_dump_item(dump, line->peer, "SshTunnels/Tunnel %u/Peer", number);
}

static void write_pages(const struct report_status *status, uint32_t node, FILE *out) {
    fputs("\n", out);
    report_status_write_zones(status, node, out);
    fputs("\n", out);
    report_status_write_tunnels(status, node, out);
}

bool report_xstat_write(const struct report_status *status, uint32_t node,
                        enum report_dump_form form, FILE *out) {
    const struct profile_node *row = &status->plan->nodes[node];
    struct report_dump dump = {.out = out, .form = form, .command = "s", .root = "Status"};
    struct report_zone_line zone;
    struct report_tunnel_line tunnel;
    unsigned zones = 0;
    unsigned tunnels = 0;
    report_dump_begin(&dump, row);
    report_dump_item(&dump, row->product->title, "SystemUnit/Product");
    report_dump_item(&dump, row->release, "SystemUnit/Software/Version");
    report_dump_item(&dump, row->name, "SystemUnit/Name");
    for (uint32_t i = 0; i < report_page_zone_lines(status); i++) {
        if (report_page_zone(status, node, i, &zone)) {
            write_zone(&dump, ++zones, &zone);
        }
    }
    for (uint32_t i = 0; i < report_page_tunnel_lines(status); i++) {
        if (report_page_tunnel(status, node, i, &tunnel)) {
            write_tunnel(&dump, ++tunnels, &tunnel);
        }
    }
    if (form == REPORT_DUMP_TEXT) {
        write_pages(status, node, out);
    }
    return report_dump_end(&dump);
}
