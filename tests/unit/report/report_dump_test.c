/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report_article.h"
#include "report_dump.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static struct report_status status;

static void begin(void) {
    cr_assert(report_status_init(&status, &article));
    report_status_take_zone(&status, CORE_UC, METRICS_FAILED,
                            FAULT_TLS_ALERT_UNSUPPORTED_CERTIFICATE, ARTICLE_TIME);
    report_status_take_zone(&status, CORE_TOMCAT, METRICS_FAILED, FAULT_TUNNEL_PERMISSION_DENIED,
                            ARTICLE_TIME);
}

static void end(void) {
    report_status_finish(&status);
}

TestSuite(report_dump, .init = begin, .fini = end);

static void write_core(FILE *out) {
    cr_assert(report_xconf_write(&article, CORE, NULL, REPORT_DUMP_TEXT, out));
}

static void write_edge(FILE *out) {
    cr_assert(report_xconf_write(&article, EDGE, NULL, REPORT_DUMP_TEXT, out));
}

static void write_core_xml(FILE *out) {
    cr_assert(report_xconf_write(&article, CORE, NULL, REPORT_DUMP_XML, out));
}

static void write_status(FILE *out) {
    cr_assert(report_xstat_write(&status, CORE, REPORT_DUMP_TEXT, out));
}

static void write_status_xml(FILE *out) {
    cr_assert(report_xstat_write(&status, CORE, REPORT_DUMP_XML, out));
}

static void expect(void (*write)(FILE *out), const char *wanted) {
    char *text = article_written(write);
    cr_assert_str_eq(text, wanted, "%s", text);
    free(text);
}

Test(report_dump, xconf_of_a_core_is_what_its_command_line_would_print) {
    expect(write_core,
           "*c xConfiguration SystemUnit Name: \"vcs8c\"\n"
           "*c xConfiguration Ethernet 1 IP Address: \"10.106.80.16\"\n"
           "*c xConfiguration Certificates Server Certificate 1 Issuer: \"ca2\"\n"
           "*c xConfiguration Certificates Server Certificate 1 Subject Alternative Names: "
           "\"vcs8c.vikdutta.com, core.\\\"quoted\\\"<&>\"\n"
           "*c xConfiguration Certificates Server Certificate 1 ExtendedKeyUsage: \"serverAuth\"\n"
           "*c xConfiguration Certificates Client Certificate 1 Issuer: \"ca1\"\n"
           "*c xConfiguration Certificates Client Certificate 1 Subject Alternative Names: "
           "\"vcs8c.vikdutta.com\"\n"
           "*c xConfiguration Certificates Client Certificate 1 ExtendedKeyUsage: \"serverAuth, "
           "clientAuth\"\n"
           "*c xConfiguration Certificates Trust CA 1: \"ca1\"\n"
           "*c xConfiguration Certificates Trust CA 2: \"ca2\"\n"
           "*c xConfiguration SIP Advanced SipTlsVersions: \"TLSv1.2\"\n"
           "*c xConfiguration SIP TLS Certificate ExtendedKeyUsage Checking Mode: \"On\"\n"
           "*c xConfiguration Zones Zone 1 Name: \"uczone.MSA\"\n"
           "*c xConfiguration Zones Zone 1 Type: \"TraversalClient\"\n"
           "*c xConfiguration Zones Zone 1 TraversalClient Authentication UserName: "
           "\"traversal\"\n"
           "*c xConfiguration Zones Zone 1 TraversalClient Collaboration Edge: \"On\"\n"
           "*c xConfiguration Zones Zone 1 TraversalClient SIP Peer 1 Address: \"10.106.80.31\"\n"
           "*c xConfiguration Zones Zone 1 TraversalClient SIP Port: \"7001\"\n"
           "*c xConfiguration Zones Zone 1 TraversalClient SIP TLS Verify Mode: \"On\"\n"
           "*c xConfiguration Zones Zone 1 TraversalClient SIP TLS Verify Subject Name: "
           "\"smartslave.vikdutta.com\"\n"
           "*c xConfiguration Zones Zone 2 Name: \"tomcat\"\n"
           "*c xConfiguration Zones Zone 2 Type: \"SshTunnel\"\n"
           "*c xConfiguration Zones Zone 2 SshTunnel Domain: \"tomcat.com\"\n"
           "*c xConfiguration Zones Zone 2 SshTunnel Peer 1 Address: \"10.106.80.31\"\n"
           "*c xConfiguration Zones Zone 2 SshTunnel Port: \"2222\"\n"
           "*c xConfiguration Zones Zone 2 SshTunnel TLS Verify Mode: \"Off\"\n"
           "*c xConfiguration Zones Zone 3 Name: \"federation\"\n"
           "*c xConfiguration Zones Zone 3 Type: \"SshTunnel\"\n"
           "*c xConfiguration Zones Zone 3 SshTunnel Domain: \"555.federation.com\"\n"
           "*c xConfiguration Zones Zone 3 SshTunnel Peer 1 Address: \"10.106.80.31\"\n"
           "*c xConfiguration Zones Zone 3 SshTunnel Port: \"2222\"\n"
           "*c xConfiguration Zones Zone 3 SshTunnel TLS Verify Mode: \"Off\"\n"
           "*c xConfiguration Zones Zone 4 Name: \"cucm\"\n"
           "*c xConfiguration Zones Zone 4 Type: \"Https\"\n"
           "*c xConfiguration Zones Zone 4 Https Peer 1 Address: \"10.106.79.162\"\n"
           "*c xConfiguration Zones Zone 4 Https Port: \"6972\"\n"
           "*c xConfiguration Zones Zone 4 Https TLS Verify Mode: \"On\"\n"
           "*c xConfiguration Zones Zone 4 Https TLS Verify Subject Name: "
           "\"cucm.vikdutta.com\"\n");
}

Test(report_dump, xconf_of_an_edge_has_its_ports_and_the_zone_it_accepts) {
    static const char *const lines[] = {
        "*c xConfiguration Ethernet 2 IP Address: \"203.0.113.31\"\n",
        "*c xConfiguration Certificates Server Certificate 1 ExtendedKeyUsage: \"none\"\n",
        "*c xConfiguration Certificates Client Store: \"copy of the server certificate\"\n",
        "*c xConfiguration SIP Advanced SipTlsVersions: \"TLSv1.2:TLSv1.3\"\n",
        "*c xConfiguration SIP TLS Port: \"5061\"\n",
        "*c xConfiguration Services Service 3 Address: \"203.0.113.31\"\n",
        "*c xConfiguration Zones Zone 1 Type: \"DNS\"\n",
        "*c xConfiguration Zones Zone 1 DNS SIP TLS Verify Mode: \"Off\"\n",
        "*c xConfiguration Zones Zone 2 Type: \"TraversalServer\"\n",
        "*c xConfiguration Zones Zone 2 TraversalServer SIP Port: \"7001\"\n",
        "*c xConfiguration Zones Zone 2 TraversalServer SIP TLS Verify Subject Name: "
        "\"vcs8c.vikdutta.com\"\n",
        "*c xConfiguration XCP TLS Certificate CVS EnableServerEkuUpload: \"Off\"\n",
    };
    char *text = article_written(write_edge);
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        cr_assert_not_null(strstr(text, lines[i]), "%s is not in\n%s", lines[i], text);
    }
    free(text);
}

Test(report_dump, xconf_tells_the_mode_in_force_at_the_end) {
    struct metrics_listener_summary listeners[ARTICLE_LISTENERS] = {
        [EDGE_UC] = {.ran = true, .checks_eku = false},
        [EDGE_TUNNEL] = {.ran = true, .checks_eku = true}};
    const struct metrics_summary summary = {.listeners = listeners};
    char *text = NULL;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    cr_assert(report_xconf_write(&article, EDGE, &summary, REPORT_DUMP_TEXT, out));
    fclose(out);
    cr_assert_not_null(strstr(text, "ExtendedKeyUsage Checking Mode: \"Off\"\n"), "%s", text);
    free(text);
}

Test(report_dump, no_password_is_in_any_form) {
    void (*const writers[])(FILE *) = {write_core, write_edge, write_core_xml, write_status_xml};
    for (size_t i = 0; i < sizeof writers / sizeof writers[0]; i++) {
        char *text = article_written(writers[i]);
        cr_assert_null(strstr(text, "secret"), "%s", text);
        free(text);
    }
}

Test(report_dump, xml_nests_what_the_lines_spell_out) {
    char *text = article_written(write_core_xml);
    static const char start[] = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                                "<Configuration product=\"Cisco Expressway-C\" version=\"x15.5\">\n"
                                "  <SystemUnit>\n"
                                "    <Name>vcs8c</Name>\n"
                                "  </SystemUnit>\n"
                                "  <Ethernet item=\"1\">\n"
                                "    <IP>\n"
                                "      <Address>10.106.80.16</Address>\n"
                                "    </IP>\n"
                                "  </Ethernet>\n"
                                "  <Certificates>\n"
                                "    <Server>\n"
                                "      <Certificate item=\"1\">\n"
                                "        <Issuer>ca2</Issuer>\n"
                                "        <SubjectAlternativeNames>vcs8c.vikdutta.com, "
                                "core.&quot;quoted&quot;&lt;&amp;&gt;</SubjectAlternativeNames>\n";
    static const char zone[] = "  <Zones>\n"
                               "    <Zone item=\"1\">\n"
                               "      <Name>uczone.MSA</Name>\n"
                               "      <Type>TraversalClient</Type>\n"
                               "      <TraversalClient>\n"
                               "        <Authentication>\n"
                               "          <UserName>traversal</UserName>\n"
                               "        </Authentication>\n"
                               "        <CollaborationEdge>On</CollaborationEdge>\n"
                               "        <SIP>\n"
                               "          <Peer item=\"1\">\n"
                               "            <Address>10.106.80.31</Address>\n"
                               "          </Peer>\n"
                               "          <Port>7001</Port>\n"
                               "          <TLS>\n"
                               "            <Verify>\n"
                               "              <Mode>On</Mode>\n"
                               "              <SubjectName>smartslave.vikdutta.com</SubjectName>\n"
                               "            </Verify>\n"
                               "          </TLS>\n"
                               "        </SIP>\n"
                               "      </TraversalClient>\n"
                               "    </Zone>\n"
                               "    <Zone item=\"2\">\n";
    static const char last[] = "    </Zone>\n  </Zones>\n</Configuration>\n";
    cr_assert_eq(strncmp(text, start, strlen(start)), 0, "%s", text);
    cr_assert_not_null(strstr(text, zone), "%s", text);
    cr_assert_str_eq(text + strlen(text) - strlen(last), last);
    free(text);
}

Test(report_dump, xstat_has_the_values_and_then_the_pages) {
    expect(write_status,
           "*s SystemUnit Product: \"Cisco Expressway-C\"\n"
           "*s SystemUnit Software Version: \"x15.5\"\n"
           "*s SystemUnit Name: \"vcs8c\"\n"
           "*s Zones Zone 1 Name: \"uczone.MSA\"\n"
           "*s Zones Zone 1 Type: \"Unified Communications traversal\"\n"
           "*s Zones Zone 1 Calls: \"-\"\n"
           "*s Zones Zone 1 Bandwidth used: \"0 kbps\"\n"
           "*s Zones Zone 1 H323 Status: \"Off\"\n"
           "*s Zones Zone 1 SIP Status: \"Failed\"\n"
           "*s Zones Zone 1 SIP Cause: \"alert 43: the peer refuses our certificate's purpose "
           "(extended key usage)\"\n"
           "*s Zones Zone 1 Search rule status: \"No search rules configured\"\n"
           "*s SshTunnels Tunnel 1 Target: \"smartslave.vikdutta.com\"\n"
           "*s SshTunnels Tunnel 1 Domain: \"tomcat.com\"\n"
           "*s SshTunnels Tunnel 1 Status: \"Failed\"\n"
           "*s SshTunnels Tunnel 1 Created: \"29/03/2026 07:21:27\"\n"
           "*s SshTunnels Tunnel 1 Reason: \"Permission denied\"\n"
           "*s SshTunnels Tunnel 1 Peer: \"10.106.80.16\"\n"
           "\n"
           "Zones\n"
           "Name        Type                              Calls  Bandwidth used  H323 status  SIP "
           "status  Search rule status\n"
           "uczone.MSA  Unified Communications traversal  -      0 kbps          Off          "
           "Failed      No search rules configured\n"
           "\n"
           "Unified Communications SSH tunnels status\n"
           "Target                   Domain      Status  Tunnel Created       Reason             "
           "Peer\n"
           "smartslave.vikdutta.com  tomcat.com  Failed  29/03/2026 07:21:27  Permission denied  "
           "10.106.80.16\n");
}

Test(report_dump, xstat_as_xml_has_the_values_alone) {
    char *text = article_written(write_status_xml);
    cr_assert_not_null(strstr(text, "<Status product=\"Cisco Expressway-C\" version=\"x15.5\">\n"));
    cr_assert_not_null(strstr(text, "      <SIP>\n        <Status>Failed</Status>\n"), "%s", text);
    cr_assert_not_null(strstr(text, "<Reason>Permission denied</Reason>\n"), "%s", text);
    cr_assert_str_eq(text + strlen(text) - 10, "</Status>\n");
    cr_assert_null(strstr(text, "Search rule status"));
    free(text);
}

Test(report_dump, a_full_disk_is_noticed) {
    FILE *full = fopen("/dev/full", "w");
    cr_assert_not_null(full);
    cr_assert_not(report_xconf_write(&article, CORE, NULL, REPORT_DUMP_TEXT, full));
    cr_assert_not(report_xstat_write(&status, CORE, REPORT_DUMP_XML, full));
    fclose(full);
}
