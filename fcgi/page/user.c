/* Users. */
#include "core/query.h"
#include "page/page.h"

/* GET /api/v1/users?customer=&tenant=&cursor=  by name. */
int
user_list(struct rq *rq)
{

	return (query_list(rq, Q_user_list));
}

/* GET /api/v1/users/:id */
int
user_get(struct rq *rq)
{

	return (query_one(rq, Q_user_one));
}

/* PATCH /api/v1/users/:id  name and language; answers the user as it is then. */
int
user_patch(struct rq *rq)
{
	static const char *const languages[] = {"en", "de", "fr", "ja", "ar"};
	struct str language = S("en");
	size_t i = 0, n = sizeof(languages) / sizeof(languages[0]);

	for (size_t j = 0; j < rq->n_args; j++)
		if (str_eqz(S("language"), rq->args[j].name) && rq->args[j].v.type == DB_TEXT)
			language = rq->args[j].v.s;
	while (i < n && !str_eqz(language, languages[i]))
		i++;
	if (i == n) {
		problem_field(rq, P_invalid, S("/language"), "code", "%s", "there are en, de, fr, ja and ar");
		return (problem_status(rq->problem));
	}
	if (query_run(rq, Q_user_edit) == -1)
		return (problem_status(rq->problem));
	return (query_one(rq, Q_user_one));
}
