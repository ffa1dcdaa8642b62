/* The vocabulary: deny is zero, and nothing is allowed that access.def does not say. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/access.h"

static void
nothing_is_the_default(void **state)
{
	struct rights none;

	(void)state;
	memset(&none, 0, sizeof(none));
	for (int f = 0; f < FLD__MAX; f++) {
		assert_false(may_read(&none, (enum field)f));
		assert_false(may_write(&none, (enum field)f));
	}
	for (int act = 0; act < ACT__MAX; act++)
		assert_false(may_act(&none, (enum action)act));
	assert_false(may_act(&none, ACT_PUBLIC));
	assert_false(may_act(&none, ACT_SIGNED_IN));
	assert_string_equal(access_scopes[0].name, "none");
	assert_string_equal(access_scopes[0].predicate, "FALSE");
}

static void
unknown_names_are_nothing(void **state)
{

	(void)state;
	assert_int_equal(access_role_of(S("")), -1);
	assert_int_equal(access_role_of(S("root")), -1);
	assert_int_equal(access_role_of(S("Provider_admin")), -1);
	assert_int_equal(access_role_of(S("provider_admi")), -1);
	assert_int_equal(access_role_of(S("provider_admin ")), -1);
	assert_int_equal(access_resource_of(S("documents")), -1);
	assert_int_equal(access_field_of(RES_document, S("margin_of_nobody")), -1);
	assert_int_equal(access_field_of(RES_document, S("")), -1);
	/* A field of one resource is not one of another. */
	assert_int_not_equal(access_field_of(RES_line, S("position")), -1);
	assert_int_equal(access_field_of(RES_document, S("position")), -1);
}

/* Every field and action of every role, by a second reading of the same file. */
static void
rights_are_what_the_vocabulary_says(void **state)
{
	static const char *const set_by[FLD__MAX] = {
#define FIELD(res, name, type, class, verb, doc) [FLD_##res##_##name] = #verb,
#include "schema/access.def"
	};

	(void)state;
	for (int role = 0; role < ROLE__MAX; role++) {
		struct rights r;

		access_rights((enum role)role, &r);
		for (int act = 0; act < ACT__MAX; act++)
			assert_int_equal(r.set[act], 0);
		for (int f = 0; f < FLD__MAX; f++) {
			if (access_fields[f].class > access_roles[role].class)
				assert_false(may_read(&r, (enum field)f));
			if (!may_read(&r, (enum field)f) || access_fields[f].set_by < 0 ||
			    !may_act(&r, (enum action)access_fields[f].set_by))
				assert_false(may_write(&r, (enum field)f));
			assert_false(may_write(&r, (enum field)f) && strcmp(set_by[f], "none") == 0);
			assert_false(may_read(&r, (enum field)f) && access_fields[f].class == CLASS_secret);
		}
	}
}

static void
only_what_is_granted_is_granted(void **state)
{
	int expected = 0, found = 0;

	(void)state;
#define GRANT(role, res, verb, rows)                                             \
	{                                                                        \
		struct rights given;                                             \
		access_rights(ROLE_##role, &given);                              \
		expected++;                                                      \
		assert_int_equal(given.scope[ACT_##res##_##verb], SCOPE_##rows); \
		assert_int_not_equal(SCOPE_##rows, SCOPE_none);                  \
	}
#include "schema/access.def"
	for (int role = 0; role < ROLE__MAX; role++) {
		struct rights r;

		access_rights((enum role)role, &r);
		for (int act = 0; act < ACT__MAX; act++)
			found += may_act(&r, (enum action)act);
	}
	assert_int_equal(found, expected); /* a grant that stands twice is found here too */
}

static void
no_reseller_or_customer_has_every_row(void **state)
{

	(void)state;
	for (int role = 0; role < ROLE__MAX; role++) {
		struct rights r;

		access_rights((enum role)role, &r);
		for (int act = 0; act < ACT__MAX; act++) {
			if (access_roles[role].portal != PORTAL_admin)
				assert_int_not_equal(r.scope[act], SCOPE_all);
			if (access_roles[role].portal == PORTAL_customer) {
				assert_int_not_equal(r.scope[act], SCOPE_tenant);
				assert_int_not_equal(r.scope[act], SCOPE_subtree);
			}
		}
	}
}

static void
classes_are_in_order(void **state)
{
	struct rights admin, dealer, customer;

	(void)state;
	assert_true(CLASS_open < CLASS_partner && CLASS_partner < CLASS_staff && CLASS_staff < CLASS_secret);
	access_rights(ROLE_provider_admin, &admin);
	access_rights(ROLE_dealer_owner, &dealer);
	access_rights(ROLE_customer_owner, &customer);
	assert_true(may_read(&admin, FLD_tenant_parent));
	assert_false(may_read(&dealer, FLD_tenant_parent));
	assert_true(may_read(&dealer, FLD_customer_segment));
	assert_false(may_read(&customer, FLD_customer_segment));
	assert_true(may_read(&customer, FLD_document_gross));
	assert_false(may_act(&customer, ACT_tenant_read));
	assert_false(may_read(&customer, FLD_tenant_name)); /* open, but the resource is not granted */
	assert_true(may_write(&customer, FLD_user_name));
	assert_false(may_write(&customer, FLD_user_email));
	assert_false(may_write(&admin, FLD_document_gross));
}

static void
names_are_unique_within_their_kind(void **state)
{

	(void)state;
	for (int f = 0; f < FLD__MAX; f++)
		assert_int_equal(access_field_of(access_fields[f].resource, str_of(access_fields[f].name)), f);
	for (int r = 0; r < RES__MAX; r++)
		assert_int_equal(access_resource_of(str_of(access_resources[r].name)), r);
	for (int r = 0; r < ROLE__MAX; r++)
		assert_int_equal(access_role_of(str_of(access_roles[r].name)), r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(nothing_is_the_default),
	    cmocka_unit_test(unknown_names_are_nothing),
	    cmocka_unit_test(rights_are_what_the_vocabulary_says),
	    cmocka_unit_test(only_what_is_granted_is_granted),
	    cmocka_unit_test(no_reseller_or_customer_has_every_row),
	    cmocka_unit_test(classes_are_in_order),
	    cmocka_unit_test(names_are_unique_within_their_kind),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}
