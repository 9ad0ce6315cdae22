/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report_article.h"

#include <criterion/criterion.h>

#define TEXT(literal) ((char *)(uintptr_t)(literal))

static const struct profile_product core_product = {
    .title = "Cisco Expressway-C", .is_expressway = true, .has_eku_switch = true};
static const struct profile_product edge_product = {.title = "Cisco Expressway-E",
                                                    .is_expressway = true,
                                                    .has_eku_switch = true,
                                                    .has_server_eku_upload = true};

static struct profile_authority authorities[] = {{.name = TEXT("ca1")}, {.name = TEXT("ca2")}};
static uint32_t trust[] = {0, 1};
static char *both[] = {TEXT("serverAuth"), TEXT("clientAuth")};
static char *core_names[] = {TEXT("vcs8c.vikdutta.com"), TEXT("core.\"quoted\"<&>")};
static char *edge_names[] = {TEXT("smartslave.vikdutta.com")};
static struct profile_identity core_server = {
    .issuer = 1,
    .eku = {.present = true, .usages = {.items = both, .count = 1}},
    .names = {.items = core_names, .count = 2}};
static struct profile_identity core_client = {
    .issuer = 0,
    .eku = {.present = true, .usages = {.items = both, .count = 2}},
    .names = {.items = core_names, .count = 1}};
static struct profile_identity edge_server = {.issuer = 1,
                                              .names = {.items = edge_names, .count = 1}};
static struct profile_route edge_routes[] = {{.zone = EDGE_WEBEX, .listener = PROFILE_NONE}};

static struct profile_node nodes[NODES] = {
    [CORE] = {.name = TEXT("vcs8c"),
              .product = &core_product,
              .release = TEXT("x15.5"),
              .address = TEXT("10.106.80.16"),
              .server_store = {.kind = PROFILE_STORE_IDENTITIES,
                               .identities = &core_server,
                               .identity_count = 1},
              .client_store = {.kind = PROFILE_STORE_IDENTITIES,
                               .identities = &core_client,
                               .identity_count = 1},
              .trust = trust,
              .trust_count = 2,
              .tls = {.versions = PROFILE_TLS_1_2},
              .eku_checking = true},
    [EDGE] = {.name = TEXT("smartslave"),
              .product = &edge_product,
              .release = TEXT("x15.5"),
              .address = TEXT("10.106.80.31"),
              .external_address = TEXT("203.0.113.31"),
              .server_store = {.kind = PROFILE_STORE_IDENTITIES,
                               .identities = &edge_server,
                               .identity_count = 1},
              .client_store = {.kind = PROFILE_STORE_COPY_OF_SERVER},
              .trust = trust,
              .trust_count = 1,
              .tls = {.versions = PROFILE_TLS_1_2 | PROFILE_TLS_1_3},
              .eku_checking = true,
              .routes = edge_routes,
              .route_count = 1},
};
static struct profile_listener listeners[ARTICLE_LISTENERS] = {
    [EDGE_UC] = {.name = TEXT("uc-traversal"),
                 .full_name = TEXT("smartslave.uc-traversal"),
                 .node = EDGE,
                 .service = PROFILE_SERVICE_UC_TRAVERSAL,
                 .port = 7001,
                 .verify_name = TEXT("vcs8c.vikdutta.com"),
                 .credentials = {.username = TEXT("traversal"), .password = TEXT("secret")}},
    [EDGE_TUNNEL] = {.name = TEXT("tunnel"),
                     .full_name = TEXT("smartslave.tunnel"),
                     .node = EDGE,
                     .service = PROFILE_SERVICE_TUNNEL,
                     .eku_check = PROFILE_EKU_CHECK_ALWAYS,
                     .port = 2222},
    [EDGE_SIP] = {.name = TEXT("sip"),
                  .full_name = TEXT("smartslave.sip"),
                  .node = EDGE,
                  .service = PROFILE_SERVICE_SIP,
                  .address = TEXT("203.0.113.31"),
                  .port = 5061},
};
static struct profile_zone zones[ARTICLE_ZONES] = {
    [CORE_UC] = {.name = TEXT("uczone.MSA"),
                 .full_name = TEXT("vcs8c.uczone.MSA"),
                 .node = CORE,
                 .type = PROFILE_ZONE_UC_TRAVERSAL,
                 .peer_listener = EDGE_UC,
                 .verify_name = TEXT("smartslave.vikdutta.com"),
                 .credentials = {.username = TEXT("traversal"), .password = TEXT("secret")}},
    [CORE_TOMCAT] = {.name = TEXT("tomcat"),
                     .full_name = TEXT("vcs8c.tomcat"),
                     .node = CORE,
                     .type = PROFILE_ZONE_TUNNEL,
                     .peer_listener = EDGE_TUNNEL,
                     .domain = TEXT("tomcat.com")},
    [CORE_FEDERATION] = {.name = TEXT("federation"),
                         .full_name = TEXT("vcs8c.federation"),
                         .node = CORE,
                         .type = PROFILE_ZONE_TUNNEL,
                         .peer_listener = EDGE_TUNNEL,
                         .domain = TEXT("555.federation.com")},
    [EDGE_WEBEX] = {.name = TEXT("webex"),
                    .full_name = TEXT("smartslave.webex"),
                    .node = EDGE,
                    .type = PROFILE_ZONE_WEBEX,
                    .peer_listener = PROFILE_NONE,
                    .peer_host = TEXT("163.129.37.33"),
                    .peer_port = 5061},
    [CORE_CUCM] = {.name = TEXT("cucm"),
                   .full_name = TEXT("vcs8c.cucm"),
                   .node = CORE,
                   .type = PROFILE_ZONE_TFTP,
                   .peer_listener = PROFILE_NONE,
                   .peer_host = TEXT("10.106.79.162"),
                   .peer_port = 6972,
                   .verify_name = TEXT("cucm.vikdutta.com")},
};

const struct profile_plan article = {
    .name = TEXT("article"),
    .authorities = authorities,
    .authority_count = 2,
    .nodes = nodes,
    .node_count = NODES,
    .listeners = listeners,
    .listener_count = ARTICLE_LISTENERS,
    .zones = zones,
    .zone_count = ARTICLE_ZONES,
};

char *article_written(void (*write)(FILE *out)) {
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    cr_assert_not_null(out);
    write(out);
    cr_assert_eq(fclose(out), 0);
    return text;
}
