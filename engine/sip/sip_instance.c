/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sip_instance.h"

#include <nettle/sha1.h>
#include <string.h>

#define UUID_OCTETS 16
#define PREFIX      "urn:uuid:"

/* RFC 9562 section 6.6: names that are URLs. */
static const uint8_t url_names[UUID_OCTETS] = {0x6b, 0xa7, 0xb8, 0x11, 0x9d, 0xad, 0x11, 0xd1,
                                               0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8};

void sip_instance_write(struct bytes address_of_record, uint8_t out[SIP_INSTANCE_LENGTH]) {
    static const char digits[] = "0123456789abcdef";
    struct sha1_ctx context;
    uint8_t uuid[UUID_OCTETS];
    uint8_t *at = out + sizeof(PREFIX) - 1;
    sha1_init(&context);
    sha1_update(&context, sizeof(url_names), url_names);
    sha1_update(&context, address_of_record.length, address_of_record.data);
    sha1_digest(&context, sizeof(uuid), uuid);
    uuid[6] = (uint8_t)((uuid[6] & 0x0f) | 0x50);
    uuid[8] = (uint8_t)((uuid[8] & 0x3f) | 0x80);
    memcpy(out, PREFIX, sizeof(PREFIX) - 1);
    for (size_t i = 0; i < sizeof(uuid); i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10) {
            *at++ = '-';
        }
        *at++ = (uint8_t)digits[uuid[i] >> 4];
        *at++ = (uint8_t)digits[uuid[i] & 15];
    }
}
