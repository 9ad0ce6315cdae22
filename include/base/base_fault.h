/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BASE_FAULT_H
#define BASE_FAULT_H

/*
 * Everything that can go wrong with a connection: symbol, stable key (results, dashboards), text
 * for people. The list grows, keys never change. A `tls_alert_*` is what the peer sent us, a
 * `tls_peer_*` is our judgement of the peer. Alert names: RFC 8446 section 6 and RFC 5246
 * section 7.2.
 */
#define BASE_FAULT_LIST(X)                                                                         \
    X(TCP_REFUSED, "tcp_refused", "connection refused")                                            \
    X(TCP_RESET, "tcp_reset", "connection reset by the peer")                                      \
    X(TCP_TIMEOUT, "tcp_timeout", "no answer to the TCP connect in time")                          \
    X(TCP_UNREACHABLE, "tcp_unreachable", "no route to the peer")                                  \
    X(LOCAL_FD_LIMIT, "local_fd_limit", "this machine's descriptor limit was reached")             \
    X(LOCAL_PORT_EXHAUSTED, "local_port_exhausted", "no local port left for this address pair")    \
    X(LOCAL_ERROR, "local_error", "this machine could not carry on (memory or internal limit)")    \
    X(TLS_TIMEOUT, "tls_timeout", "the TLS handshake did not end in time")                         \
    X(TLS_CLOSED, "tls_closed", "the peer closed during the TLS handshake without an alert")       \
    X(TLS_ALERT_CLOSE_NOTIFY, "tls_alert_close_notify", "the peer sent close_notify early")        \
    X(TLS_ALERT_UNEXPECTED_MESSAGE, "tls_alert_unexpected_message", "alert 10")                    \
    X(TLS_ALERT_BAD_RECORD_MAC, "tls_alert_bad_record_mac", "alert 20")                            \
    X(TLS_ALERT_RECORD_OVERFLOW, "tls_alert_record_overflow", "alert 22")                          \
    X(TLS_ALERT_HANDSHAKE_FAILURE, "tls_alert_handshake_failure",                                  \
      "alert 40: no common ground, or no client certificate")                                      \
    X(TLS_ALERT_BAD_CERTIFICATE, "tls_alert_bad_certificate",                                      \
      "alert 42: the peer did not accept our certificate")                                         \
    X(TLS_ALERT_UNSUPPORTED_CERTIFICATE, "tls_alert_unsupported_certificate",                      \
      "alert 43: the peer refuses our certificate's purpose (extended key usage)")                 \
    X(TLS_ALERT_CERTIFICATE_REVOKED, "tls_alert_certificate_revoked",                              \
      "alert 44: the peer says our certificate is revoked")                                        \
    X(TLS_ALERT_CERTIFICATE_EXPIRED, "tls_alert_certificate_expired",                              \
      "alert 45: the peer says our certificate is expired or not yet valid")                       \
    X(TLS_ALERT_CERTIFICATE_UNKNOWN, "tls_alert_certificate_unknown",                              \
      "alert 46: the peer could not accept our certificate")                                       \
    X(TLS_ALERT_ILLEGAL_PARAMETER, "tls_alert_illegal_parameter", "alert 47")                      \
    X(TLS_ALERT_UNKNOWN_CA, "tls_alert_unknown_ca",                                                \
      "alert 48: the peer does not trust the authority of our certificate")                        \
    X(TLS_ALERT_ACCESS_DENIED, "tls_alert_access_denied", "alert 49")                              \
    X(TLS_ALERT_DECODE_ERROR, "tls_alert_decode_error", "alert 50")                                \
    X(TLS_ALERT_DECRYPT_ERROR, "tls_alert_decrypt_error", "alert 51")                              \
    X(TLS_ALERT_PROTOCOL_VERSION, "tls_alert_protocol_version", "alert 70: no common TLS version") \
    X(TLS_ALERT_INSUFFICIENT_SECURITY, "tls_alert_insufficient_security", "alert 71")              \
    X(TLS_ALERT_INTERNAL_ERROR, "tls_alert_internal_error", "alert 80")                            \
    X(TLS_ALERT_INAPPROPRIATE_FALLBACK, "tls_alert_inappropriate_fallback", "alert 86")            \
    X(TLS_ALERT_USER_CANCELED, "tls_alert_user_canceled", "alert 90")                              \
    X(TLS_ALERT_NO_RENEGOTIATION, "tls_alert_no_renegotiation", "alert 100")                       \
    X(TLS_ALERT_MISSING_EXTENSION, "tls_alert_missing_extension", "alert 109")                     \
    X(TLS_ALERT_UNSUPPORTED_EXTENSION, "tls_alert_unsupported_extension", "alert 110")             \
    X(TLS_ALERT_UNRECOGNIZED_NAME, "tls_alert_unrecognized_name", "alert 112")                     \
    X(TLS_ALERT_BAD_CERTIFICATE_STATUS_RESPONSE, "tls_alert_bad_certificate_status_response",      \
      "alert 113")                                                                                 \
    X(TLS_ALERT_UNKNOWN_PSK_IDENTITY, "tls_alert_unknown_psk_identity", "alert 115")               \
    X(TLS_ALERT_CERTIFICATE_REQUIRED, "tls_alert_certificate_required",                            \
      "alert 116: the peer demands a client certificate")                                          \
    X(TLS_ALERT_NO_APPLICATION_PROTOCOL, "tls_alert_no_application_protocol", "alert 120")         \
    X(TLS_ALERT_UNKNOWN, "tls_alert_unknown", "an alert that RFC 8446 does not name")              \
    X(TLS_PEER_UNTRUSTED, "tls_peer_untrusted", "the peer's authority is not in our trust")        \
    X(TLS_PEER_EXPIRED, "tls_peer_expired", "the peer's certificate is expired")                   \
    X(TLS_PEER_NOT_YET_VALID, "tls_peer_not_yet_valid", "the peer's certificate is not yet valid") \
    X(TLS_PEER_REVOKED, "tls_peer_revoked", "the peer's certificate is revoked")                   \
    X(TLS_PEER_EKU, "tls_peer_eku", "unsupported certificate purpose")                             \
    X(TLS_PEER_KEY_USAGE, "tls_peer_key_usage", "the peer's key usage forbids signing")            \
    X(TLS_PEER_NAME, "tls_peer_name", "Peer's TLS certificate identity was unacceptable")          \
    X(TLS_PEER_NO_CERTIFICATE, "tls_peer_no_certificate", "the peer presented no certificate")     \
    X(TLS_PEER_CHAIN_INCOMPLETE, "tls_peer_chain_incomplete",                                      \
      "an intermediate certificate is missing from the peer's chain")                              \
    X(TLS_PEER_BAD_CERTIFICATE, "tls_peer_bad_certificate",                                        \
      "the peer's certificate is malformed or its signature is wrong")                             \
    X(TLS_PROTOCOL_ERROR, "tls_protocol_error", "the peer does not speak TLS as it should")        \
    X(SIP_TIMEOUT, "sip_timeout", "no SIP response in time")                                       \
    X(SIP_CLOSED, "sip_closed", "the peer closed the connection")                                  \
    X(SIP_MALFORMED, "sip_malformed", "the peer sent bytes that are not SIP")                      \
    X(SIP_REJECTED, "sip_rejected", "the peer answered with a final error response")               \
    X(SIP_AUTH_FAILED, "sip_auth_failed", "the peer did not accept our credentials")               \
    X(HTTP_REJECTED, "http_rejected", "the peer answered with an HTTP error")                      \
    X(HTTP_TIMEOUT, "http_timeout", "no HTTP response in time")                                    \
    X(HTTP_CLOSED, "http_closed", "the peer closed the connection before it answered")             \
    X(HTTP_MALFORMED, "http_malformed", "the peer sent bytes that are not HTTP/1.1")               \
    X(TUNNEL_PERMISSION_DENIED, "tunnel_permission_denied", "Permission denied")                   \
    X(TUNNEL_TIMEOUT, "tunnel_timeout", "Connection timed out")

enum fault {
    FAULT_NONE,
#define BASE_FAULT_ENUM(symbol, key, text) FAULT_##symbol,
    BASE_FAULT_LIST(BASE_FAULT_ENUM)
#undef BASE_FAULT_ENUM
        FAULT_COUNT
};

/* Static strings; "none" for FAULT_NONE. */
const char *base_fault_key(enum fault fault);
const char *base_fault_text(enum fault fault);

/* FAULT_NONE when no fault has this key. */
enum fault base_fault_from_key(const char *key);

/* The fault for a TLS alert description received from the peer (RFC 8446 section 6). */
enum fault base_fault_from_alert(unsigned description);

#endif
