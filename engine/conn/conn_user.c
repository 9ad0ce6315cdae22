/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conn_sip.h"

#include "profile_plan.h"

#include <stdio.h>

uint64_t conn_number(const struct conn *conn, const struct conn_environment *environment) {
    uint64_t workers = environment->worker_count == 0 ? 1 : environment->worker_count;
    return conn->slot * workers + environment->worker + 1;
}

/* Workers take the rows in turn, so that none is taken twice before all were. */
static uint64_t next_row(const struct conn *conn, struct conn_environment *environment) {
    uint64_t workers = environment->worker_count == 0 ? 1 : environment->worker_count;
    uint64_t count = environment->next_users[conn->subject]++;
    return count * workers + environment->worker;
}

void conn_user_choose(struct conn *conn, struct conn_environment *environment) {
    const struct profile_users *users = conn_zone(conn, environment)->users;
    if (users == NULL) {
        return;
    }
    const struct profile_user_table *table = users->table;
    uint64_t row = table->order == PROFILE_USERS_SEQUENTIAL ? next_row(conn, environment)
                   : table->order == PROFILE_USERS_RANDOM   ? base_random_next(&environment->random)
                                                            : conn_number(conn, environment) - 1;
    conn->user = (uint32_t)(row % table->row_count);
}

const char *const *conn_user_fields(const struct conn *conn,
                                    const struct conn_environment *environment) {
    const struct profile_users *users = conn_zone(conn, environment)->users;
    return users == NULL ? NULL
                         : &users->table->fields[(size_t)conn->user * users->table->column_count];
}

bool conn_user_print(const struct conn *conn, const struct conn_environment *environment, char *out,
                     size_t out_size) {
    const struct node_zone *zone = conn_zone(conn, environment);
    const char *const *fields = conn_user_fields(conn, environment);
    int length;
    if (fields != NULL && zone->users->username != PROFILE_NONE) {
        length = snprintf(out, out_size, "%s", fields[zone->users->username]);
    } else {
        length = snprintf(out, out_size, "%s%llu", zone->user == NULL ? "" : zone->user,
                          (unsigned long long)conn_number(conn, environment));
    }
    return length > 0 && (size_t)length < out_size;
}

bool conn_user_has_name(const struct conn *conn, const struct conn_environment *environment) {
    const struct node_zone *zone = conn_zone(conn, environment);
    return zone->user != NULL || (zone->users != NULL && zone->users->username != PROFILE_NONE);
}

struct sip_credentials conn_user_credentials(const struct conn *conn,
                                             const struct conn_environment *environment) {
    const struct node_zone *zone = conn_zone(conn, environment);
    const char *const *fields = conn_user_fields(conn, environment);
    if (fields == NULL || zone->users->password == PROFILE_NONE) {
        return (struct sip_credentials){.username = zone->credentials.username,
                                        .password = zone->credentials.password};
    }
    return (struct sip_credentials){.username = fields[zone->users->username],
                                    .password = fields[zone->users->password]};
}
