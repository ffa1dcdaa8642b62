/* The handlers, one file a resource.  Each returns the status; none checks a permission,
 * holds SQL or frees anything. */
#ifndef PAGE_PAGE_H
#define PAGE_PAGE_H

#include "core/rq.h"

int session_create(struct rq *rq);          /* POST   /api/v1/session */
int session_get(struct rq *rq);             /* GET    /api/v1/session */
int session_delete(struct rq *rq);          /* DELETE /api/v1/session */
int session_step_up(struct rq *rq);         /* proves the second step once more */
int session_step_up_options(struct rq *rq); /* what a browser needs to do so with a passkey */
int session_step_up_passkey(struct rq *rq);
int view_create(struct rq *rq); /* looks as another user */
int view_end(struct rq *rq);
int password_change(struct rq *rq);
int password_reset(struct rq *rq);
int password_reset_confirm(struct rq *rq);
int invitation_confirm(struct rq *rq);
int totp_get(struct rq *rq);
int totp_begin(struct rq *rq);
int totp_confirm(struct rq *rq);
int totp_end(struct rq *rq);
int passkey_list(struct rq *rq);
int passkey_get(struct rq *rq);
int passkey_options(struct rq *rq); /* what a browser needs to make one */
int passkey_create(struct rq *rq);
int passkey_patch(struct rq *rq);
int passkey_delete(struct rq *rq);
int session_passkey_options(struct rq *rq); /* what a browser needs to sign in with one */
int session_passkey(struct rq *rq);
int session_list(struct rq *rq);
int session_end_one(struct rq *rq);
int session_end_others(struct rq *rq);

int tenant_list(struct rq *rq);
int tenant_get(struct rq *rq);
int tenant_patch(struct rq *rq);    /* its tax id, and until when it is good */
int tenant_products(struct rq *rq); /* the product segments that it gets */
int tenant_share(struct rq *rq);    /* PUT of them */
int tenant_ceiling(struct rq *rq);  /* the most that it can have */
int tenant_limit(struct rq *rq);    /* PUT of it */
int tenant_close(struct rq *rq);
int tenant_reopen(struct rq *rq);
int product_list(struct rq *rq);
int product_get(struct rq *rq);
int brand_list(struct rq *rq);
int brand_get(struct rq *rq);
int customer_list(struct rq *rq);
int customer_get(struct rq *rq);
int customer_patch(struct rq *rq); /* segment, tags and who looks after it */
int customer_bulk(struct rq *rq);  /* the same, as one line of many */
int account_list(struct rq *rq);
int account_get(struct rq *rq);
int refund_get(struct rq *rq); /* what is owed to an account */
int refund_create(struct rq *rq);
int document_list(struct rq *rq);
int document_get(struct rq *rq);
int document_explain(struct rq *rq); /* how its amounts came about */
int document_html(struct rq *rq);
int document_pdf(struct rq *rq);
int credit_list(struct rq *rq);   /* the credit notes of a bill, and what is left of it */
int credit_create(struct rq *rq); /* or shows what it would come to */
int payment_list(struct rq *rq);
int payment_get(struct rq *rq);
int offering_list(struct rq *rq);
int offering_get(struct rq *rq);
int offering_create(struct rq *rq);
int offering_patch(struct rq *rq);
int offering_prices(struct rq *rq);   /* the list price from each day on */
int offering_price(struct rq *rq);    /* from a day on */
int offering_variants(struct rq *rq); /* as which other its usage counts by what events say */
int offering_variant(struct rq *rq);  /* from a day on */
int offering_hours(struct rq *rq);    /* which time of day its events have that do not say it */
int offering_hours_set(struct rq *rq);
int offering_names(struct rq *rq); /* in other languages */
int offering_name(struct rq *rq);
int offering_parts(struct rq *rq);  /* what comes with it */
int offering_bundle(struct rq *rq); /* and what is to */
int tax_rule_list(struct rq *rq);   /* what who sells takes as tax */
int tax_rule_get(struct rq *rq);
int tax_rule_create(struct rq *rq);
int exchange_rate_list(struct rq *rq); /* the provider's */
int exchange_rate_get(struct rq *rq);
int exchange_rate_create(struct rq *rq);
int discount_list(struct rq *rq); /* what who sells takes off what it charges an account */
int discount_get(struct rq *rq);
int discount_create(struct rq *rq);
int discount_end(struct rq *rq); /* from a day on that nothing is billed of */
int minimum_list(struct rq *rq); /* what who sells charges an account at least */
int minimum_get(struct rq *rq);
int minimum_create(struct rq *rq);
int minimum_end(struct rq *rq); /* likewise */
int subscription_list(struct rq *rq);
int subscription_get(struct rq *rq);
int subscription_order(struct rq *rq);
int subscription_patch(struct rq *rq);   /* how many, from a day on */
int subscription_replace(struct rq *rq); /* another plan in its place */
int subscription_suspend(struct rq *rq);
int subscription_resume(struct rq *rq);
int subscription_end(struct rq *rq);
int subscription_renew(struct rq *rq);
int price_list_list(struct rq *rq);
int price_list_get(struct rq *rq);
int price_list_create(struct rq *rq);
int price_list_patch(struct rq *rq);
int price_list_rules(struct rq *rq);    /* of one that was published */
int price_list_draft(struct rq *rq);    /* of the next one */
int price_list_begin(struct rq *rq);    /* a draft like the newest */
int price_list_write(struct rq *rq);    /* all rules of the draft anew */
int price_list_publish(struct rq *rq);  /* from a day on */
int price_list_simulate(struct rq *rq); /* what the draft would change; changes nothing */
int agreement_list(struct rq *rq);
int agreement_get(struct rq *rq);
int agreement_create(struct rq *rq); /* ends the one before it */
int purchase_list(struct rq *rq);    /* the same as who buys may know them */
int purchase_get(struct rq *rq);
int incoming_list(struct rq *rq); /* bills, as who gets them from another house may know them */
int incoming_get(struct rq *rq);
int incoming_pdf(struct rq *rq);
int incoming_annex(struct rq *rq);   /* which of its own customers each thing was bought for */
int incoming_explain(struct rq *rq); /* how each thing of a line came to its amount */
int user_list(struct rq *rq);
int user_get(struct rq *rq);
int user_patch(struct rq *rq);
int user_invite(struct rq *rq);       /* a new user, who gets a link by mail */
int user_invite_again(struct rq *rq); /* another link */
int user_explain(struct rq *rq);      /* why a user may or may not see or do something */
int role_list(struct rq *rq);
int role_get(struct rq *rq);
int role_users(struct rq *rq); /* who has it */
int role_create(struct rq *rq);
int role_copy(struct rq *rq);
int role_patch(struct rq *rq);
int role_delete(struct rq *rq);
int user_roles(struct rq *rq);
int user_assign(struct rq *rq); /* PUT of a user's roles */
int api_key_list(struct rq *rq);
int api_key_get(struct rq *rq);
int api_key_create(struct rq *rq); /* answers the secret, once */
int api_key_end(struct rq *rq);
int approval_list(struct rq *rq);
int approval_get(struct rq *rq);
int approval_withdraw(struct rq *rq); /* takes back what one asked for */
int approval_approve(struct rq *rq);
int approval_refuse(struct rq *rq);
int audit_list(struct rq *rq);
int opening_list(struct rq *rq);
int move_list(struct rq *rq);
int move_get(struct rq *rq);
int move_create(struct rq *rq);
int move_cancel(struct rq *rq);
int transfer_list(struct rq *rq);
int transfer_get(struct rq *rq);
int transfer_create(struct rq *rq);
int transfer_cancel(struct rq *rq);
int segment_list(struct rq *rq);
int segment_get(struct rq *rq);
int segment_create(struct rq *rq);
int segment_patch(struct rq *rq);
int segment_delete(struct rq *rq);

int bill_run_list(struct rq *rq);
int bill_run_get(struct rq *rq);
int bill_run_create(struct rq *rq);
int bill_run_approve_drafts(struct rq *rq); /* all, or those that the body names */
int bill_run_pause(struct rq *rq);
int bill_run_resume(struct rq *rq);
int bill_run_cancel(struct rq *rq);
int bill_run_park(struct rq *rq); /* leaves an account out */
int bill_run_unpark(struct rq *rq);
int parked_list(struct rq *rq);
int reject_list(struct rq *rq);
int draft_list(struct rq *rq);
int draft_get(struct rq *rq);
int draft_hold(struct rq *rq);
int draft_release(struct rq *rq);
int draft_approve(struct rq *rq);
int settlement_list(struct rq *rq);
int settlement_get(struct rq *rq);
int statement_list(struct rq *rq);
int statement_get(struct rq *rq);
int statement_pdf(struct rq *rq);
int statement_close(struct rq *rq); /* a period, for all tenants or one */
int entry_list(struct rq *rq);      /* what statements are made of */
int self_bill_list(struct rq *rq);  /* self-billed documents, as the agent that earned may know them */
int self_bill_get(struct rq *rq);
int self_bill_pdf(struct rq *rq);
int self_incoming_list(struct rq *rq); /* and as the house that wrote them */
int self_incoming_get(struct rq *rq);
int self_incoming_pdf(struct rq *rq);
int payout_list(struct rq *rq);
int payout_get(struct rq *rq);
int payout_create(struct rq *rq); /* of all that closed statements owe */
int payout_cancel(struct rq *rq);
int payout_send(struct rq *rq); /* it counts as paid from then on */
int payout_file_xml(struct rq *rq);
int payout_file_csv(struct rq *rq);

int alert_list(struct rq *rq);
int usage_list(struct rq *rq);
int usage_create(struct rq *rq); /* one set of lines */
void usage_end(struct rq *rq);   /* the last line of the answer to all sets */
int usage_totals(struct rq *rq); /* sums by offering, and by day */
int usage_batch_list(struct rq *rq);
int usage_reject_list(struct rq *rq);
int usage_reject_get(struct rq *rq);
int usage_reject_patch(struct rq *rq);
int usage_reject_again(struct rq *rq); /* tries one */
int usage_reject_all(struct rq *rq);   /* tries those that wait, a thousand at a time */

int meta_get(struct rq *rq);    /* what the signed-in user may see and do */
int openapi_get(struct rq *rq); /* OpenAPI 3.1 of the route table */

int system_healthz(struct rq *rq); /* the process answers */
int system_readyz(struct rq *rq);  /* and so does its database */
int system_metrics(struct rq *rq);
int system_version(struct rq *rq);

/* What openapi_get and system_metrics read of the route table, which lies above them. */
struct page_route {
	enum method method;
	const char *path;
	const char *handler;
	enum action action;
	bool write;
	bool body;   /* takes one */
	bool lines;  /* of many lines, and answers each by a line */
	bool person; /* no API key opens it */
	bool agreed; /* repeats what two agreed to */
	bool proved; /* needs the second step, whatever its action */
};
extern const struct page_route *(*page_routes)(unsigned i); /* NULL at the end; set once by route_init */

/* What waits for a second person, as it was written down. */
struct page_asked {
	int64_t user_id, object_id; /* object_id: the :id of the address, or 0 */
	struct str handler, body, tag, host, port;
	bool https;
	struct str name; /* public id, for the audit */
};
/* The router carries it out as who asked, by its own address, if who agrees (rq->who; id 0: the operator) could do the
 * same.  What the transaction did before may be undone.  1 where it is done, with its row in the audit; 0 and *why
 * where it cannot be any more; -1 with the problem set.  Set once by route_init. */
extern int (*page_carry_out)(struct rq *rq, const struct page_asked *what, enum problem *why);

#endif
