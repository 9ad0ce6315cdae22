/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conn_script.h"

#include "profile_plan.h"

/* As long as the step allows that ends the wait: the optional ones before it end nothing. */
static enum fault await(struct conn *conn, struct conn_environment *environment,
                        const struct sip_script_step *step) {
    while (step->optional) {
        step++;
    }
    uint64_t timeout_ns =
        step->timeout_ns != 0 ? step->timeout_ns : conn_zone(conn, environment)->timeout_ns;
    conn->awaits_response = true;
    conn_arm(conn, environment, environment->now_ns + timeout_ns);
    return FAULT_NONE;
}

static uint64_t draw(struct conn_environment *environment, const struct sip_script_pause *pause) {
    static const enum profile_spread_kind kinds[] = {
        [SIP_SCRIPT_FIXED] = PROFILE_SPREAD_NONE,
        [SIP_SCRIPT_UNIFORM] = PROFILE_SPREAD_UNIFORM,
        [SIP_SCRIPT_EXPONENTIAL] = PROFILE_SPREAD_EXPONENTIAL,
    };
    const struct profile_spread spread = {.kind = kinds[pause->spread],
                                          .longest_ns = pause->most_ns};
    return conn_draw_ns(&environment->random, pause->ns, &spread);
}

static void give_back(struct conn *conn, struct conn_environment *environment) {
    base_pool_give_back(&environment->scripts, conn->script);
    conn->script = BASE_POOL_NONE;
}

/* The last step is done. What was expected came, whatever it was: the peer answers as it should. */
static enum fault conclude(struct conn *conn, struct conn_environment *environment) {
    conn->request_ns = conn_script_block(conn, environment)->begun_ns;
    give_back(conn, environment);
    if (!conn->concluded || !conn->answering) {
        conn_record_conclusion(conn, environment, 200);
    }
    conn_establish(conn, environment);
    conn_record_call(conn, environment);
    return conn_go_on(conn, environment, conn_uac_send_next);
}

static enum fault play(struct conn *conn, struct conn_environment *environment) {
    struct conn_script *block = conn_script_block(conn, environment);
    const struct sip_script *script = conn_zone(conn, environment)->script;
    while (block->step < script->step_count) {
        const struct sip_script_step *step = &script->steps[block->step];
        if (step->kind == SIP_SCRIPT_EXPECT) {
            return await(conn, environment, step);
        }
        block->step++;
        if (step->kind == SIP_SCRIPT_PAUSE) {
            conn_arm(conn, environment, environment->now_ns + draw(environment, &step->pause));
            return FAULT_NONE;
        }
        enum fault fault = conn_script_send(conn, environment, step);
        if (fault != FAULT_NONE) {
            return fault;
        }
    }
    return conclude(conn, environment);
}

enum fault conn_script_go_on(struct conn *conn, struct conn_environment *environment) {
    if (conn->script == BASE_POOL_NONE) {
        conn->script = base_pool_borrow(&environment->scripts);
        if (conn->script == BASE_POOL_NONE) {
            return FAULT_LOCAL_ERROR;
        }
        struct conn_script *block = conn_script_block(conn, environment);
        sip_script_begin(&block->state, base_random_next(&environment->random));
        block->begun_ns = environment->now_ns;
        block->step = 0;
        conn_script_introduce(conn, environment);
    }
    return play(conn, environment);
}

void conn_script_abandon(struct conn *conn, struct conn_environment *environment) {
    if (conn->script != BASE_POOL_NONE) {
        give_back(conn, environment);
    }
}

/* The step that waits for the message: optional ones come before the one that ends the wait. */
static const struct sip_script_step *find(const struct conn *conn,
                                          const struct conn_environment *environment,
                                          const struct sip_message *message, uint32_t *index) {
    const struct sip_script *script = conn_zone(conn, environment)->script;
    *index = conn_script_block(conn, environment)->step;
    for (; conn->awaits_response && *index < script->step_count; ++*index) {
        const struct sip_script_step *step = &script->steps[*index];
        if (sip_script_expects(step, message)) {
            return step;
        }
        if (step->kind != SIP_SCRIPT_EXPECT || !step->optional) {
            return NULL;
        }
    }
    return NULL;
}

static void record(struct conn *conn, struct conn_environment *environment,
                   const struct sip_message *message) {
    if (message->is_request || message->status < 200) {
        return;
    }
    conn->challenges = 0;
    conn_record_response(conn, environment, message->status);
    if (message->status < 300) {
        conn_record_conclusion(conn, environment, message->status);
        conn_establish(conn, environment);
    }
}

static enum fault take(struct conn *conn, struct conn_environment *environment,
                       const struct sip_script_step *step, uint32_t index,
                       const struct sip_message *message, bool may_answer) {
    struct conn_script *block = conn_script_block(conn, environment);
    const struct sip_script *script = conn_zone(conn, environment)->script;
    const char *missing;
    record(conn, environment, message);
    if (!sip_script_take(&block->state, script, step, message, &missing)) {
        return conn_script_refuse(conn, environment, FAULT_SIP_MALFORMED, message, missing);
    }
    if (step->optional) {
        return FAULT_NONE; /* it may come again */
    }
    block->step = index + 1;
    conn->awaits_response = false;
    return may_answer ? play(conn, environment) : FAULT_NONE;
}

/* Nobody waits for it. */
static enum fault take_unexpected(struct conn *conn, struct conn_environment *environment,
                                  const struct sip_message *response, bool may_answer) {
    const struct conn_script *block = conn_script_block(conn, environment);
    if (response->status < 200 || sip_script_is_late(&block->state, response)) {
        return FAULT_NONE;
    }
    conn_record_response(conn, environment, response->status);
    if (response->status == 401 || response->status == 407) {
        enum fault fault = FAULT_SIP_REJECTED;
        if (conn_script_take_challenge(conn, environment, response, may_answer, &fault)) {
            return fault;
        }
    }
    return conn_script_refuse(conn, environment, FAULT_SIP_REJECTED, response, NULL);
}

bool conn_script_take(struct conn *conn, struct conn_environment *environment,
                      const struct sip_message *message, bool may_answer, enum fault *fault) {
    uint32_t index;
    const struct conn_script *block = conn_script_block(conn, environment);
    if (!message->is_request && !sip_script_owns(&block->state, message)) {
        return false;
    }
    const struct sip_script_step *step = find(conn, environment, message, &index);
    if (step != NULL) {
        *fault = take(conn, environment, step, index, message, may_answer);
        return true;
    }
    if (message->is_request) {
        return false;
    }
    *fault = take_unexpected(conn, environment, message, may_answer);
    return true;
}
