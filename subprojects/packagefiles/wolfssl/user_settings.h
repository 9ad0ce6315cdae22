/*
 * How wolfSSL is built here. Compiled into the library and, through its pkg-config file, into whoever
 * includes its headers: the sizes of its structures depend on these lines.
 * Only preprocessor lines: the assembler reads this file too.
 */
#ifndef EKULOAD_WOLFSSL_USER_SETTINGS_H
#define EKULOAD_WOLFSSL_USER_SETTINGS_H

/* Platform: what wolfSSL's own configure script would have found out. */
#define HAVE_PTHREAD 1
#define HAVE___UINT128_T 1
#define HAVE_THREAD_LS
#define WOLFSSL_USE_ALIGN
/* Otherwise gmtime(): two threads that check dates at once would judge by each other's. */
#define HAVE_GMTIME_R
/*
 * Random octets come from the kernel's generator. wolfSSL's own would be seeded and put through its
 * health test anew for each session: 3% of a P-256 handshake. Never fails (arc4random(3), glibc 2.36).
 */
#define CUSTOM_RAND_GENERATE_BLOCK(octets, size) (arc4random_buf((octets), (size)), 0)

/* Protocol: TLS 1.2 and 1.3 with what a SIP product offers; nothing older, no pre-shared keys. */
#define WOLFSSL_TLS13
#define NO_OLD_TLS
#define NO_PSK
#define HAVE_TLS_EXTENSIONS
#define HAVE_SUPPORTED_CURVES
#define HAVE_SNI
#define HAVE_EXTENDED_MASTER
#define HAVE_ENCRYPT_THEN_MAC
/* Peers that demand RFC 5746 want the empty extension; renegotiation itself stays out. */
#define HAVE_SERVER_RENEGOTIATION_INFO
/* Old SIP equipment still offers nothing but RSA key transport. */
#define WOLFSSL_STATIC_RSA
#define HAVE_FFDHE_2048
#define HAVE_FFDHE_3072
#define HAVE_DH_DEFAULT_PARAMS
/* SSLKEYLOGFILE. */
#define HAVE_SECRET_CALLBACK

/* Resumption: 20,027 sessions instead of 33, or session IDs could not be measured under load. */
#define HAVE_SESSION_TICKET
#define BIG_SESSION_CACHE
/* One lock per row: the cache is shared by all threads of the process. */
#define ENABLE_SESSION_CACHE_ROW_LOCK

/*
 * Certificates: one judge, ours.
 * wolfSSL checks chain, signatures and dates; key usage and EKU are left to the verify callback, which
 * is asked about good chains too and is the only one to know the node's policy.
 */
#define IGNORE_KEY_EXTENSIONS
#define WOLFSSL_ALWAYS_VERIFY_CB
/* The alert that names the cause, see alert.patch. */
#define WOLFSSL_EXTRA_ALERTS
/* Otherwise any certificate with a SAN of the kind `URI:sip:...` is refused (-161). */
#define WOLFSSL_FPKI
/* Otherwise appended cross-signed roots, unrelated extra CAs and unordered chains are refused (48). */
#define WOLFSSL_ALT_CERT_CHAINS
#define WOLFSSL_ALT_NAMES
#define HAVE_CRL

/* Issuing test certificates and requests, and their keys. */
#define WOLFSSL_CERT_GEN
#define WOLFSSL_CERT_EXT
#define WOLFSSL_CERT_REQ
#define WOLFSSL_KEY_GEN
#define WOLFSSL_BASE64_ENCODE

/* Ciphers and hashes. SHA-1 stays: key identifiers and old private CAs use it. */
#define HAVE_AESGCM
#define GCM_TABLE_4BIT
#define HAVE_CHACHA
#define HAVE_POLY1305
#define WOLFSSL_SHA384
#define WOLFSSL_SHA512
#define HAVE_HKDF
#define NO_DES3
#define NO_DSA
#define NO_MD4
#define NO_MD5
#define NO_RC4
/* Keys come unencrypted: PEM with PKCS#8, PKCS#1 or SEC1 inside. */
#define NO_PKCS12
#define NO_PWDBASED

/* Public keys: RSA up to 4096, P-256, P-384, P-521, Curve25519, Ed25519. */
#define WC_RSA_PSS
#define WOLFSSL_PSS_LONG_SALT
#define WC_RSA_BLINDING
#define HAVE_ECC
#define HAVE_ECC384
#define HAVE_ECC521
#define ECC_SHAMIR
#define ECC_TIMING_RESISTANT
#define TFM_TIMING_RESISTANT
#define HAVE_CURVE25519
#define HAVE_ED25519

/*
 * Arithmetic: single precision code for each key size above, the general one for any other.
 * It makes a mutual P-256 handshake four times as fast as the general code alone.
 */
#define WOLFSSL_SP_MATH_ALL
#define WOLFSSL_HAVE_SP_RSA
#define WOLFSSL_HAVE_SP_DH
#define WOLFSSL_HAVE_SP_ECC
#define WOLFSSL_SP_384
#define WOLFSSL_SP_521
#define WOLFSSL_SP_4096
#define WOLFSSL_SP_LARGE_CODE

#if defined(__x86_64__)
/* Every fast path asks cpuid at run time; the binary runs on any x86-64. */
#    define WOLFSSL_X86_64_BUILD
#    define WOLFSSL_SP_X86_64
#    define WOLFSSL_SP_ASM
#    define WOLFSSL_SP_X86_64_ASM
#    define WOLFSSL_AESNI
#    define USE_INTEL_SPEEDUP
#elif defined(__aarch64__)
/* Plain A64 multiplication only: wolfSSL's AES and SHA code for ARM has no run-time check. */
#    define WOLFSSL_AARCH64_BUILD
#    define WOLFSSL_SP_ARM64
#    define WOLFSSL_SP_ASM
#    define WOLFSSL_SP_ARM64_ASM
#endif

#endif
