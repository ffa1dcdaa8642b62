# schema/*.def, schema/query/*.sql -> build/gen/query.def: one QUERY line a statement (schema/query/README.md).
#
#   QUERY(name, resource, GUARD_x, "sort;sort", "filter;filter", "arm", "sql text")
#
# Comments are removed and white space is folded, both outside quotes only.  The build
# stops on a statement without name or guard, a name twice, an unknown header or guard,
# a name that does not begin with its resource, and a LIMIT without an ORDER BY.

function stop(why)
{
	printf "%s:%d: %s\n", FILENAME, line, why > "/dev/stderr"
	failed = 1
	exit 1
}

# The longest resource of the vocabulary that the name begins with; else its first word, for what is none.
function resource_of(name,    word)
{
	word = name
	while (sub(/_[^_]*$/, "", word))
		if (word in resources)
			return word
	sub(/_.*/, "", name)
	return name
}

# For a C string literal.
function c_text(s)
{
	gsub(/\\/, "\\\\", s)
	gsub(/"/, "\\\"", s)
	return s
}

# One line of SQL added to text: comments out, white space to one blank, quotes kept as they are.
function add(s,    i, c)
{
	for (i = 1; i <= length(s); i++) {
		c = substr(s, i, 1)
		if (quote != "") {
			text = text c
			if (c == quote)
				quote = ""
		} else if (substr(s, i, 3) == "-- " || substr(s, i) == "--") {
			break
		} else if (c == "'" || c == "\"" || c == "`") {
			quote = c
			text = text c
		} else if (c == " " || c == "\t") {
			blank()
		} else {
			text = text c
		}
	}
	if (quote == "")
		blank()
	else
		stop("a quote stays open at the end of the line")
}

function blank()
{
	if (text != "" && substr(text, length(text), 1) != " ")
		text = text " "
}

# The statement up to here is complete: write it.
function flush(    plain, resource)
{
	if (!open_)
		return
	sub(/ *;? *$/, "", text)
	if (guard == "")
		stop("statement " name " has no guard")
	if (text == "")
		stop("statement " name " has no text")
	if (text ~ /;/ && text !~ /'[^']*;[^']*'/)
		stop("statement " name " is more than one statement")
	plain = toupper(text)
	gsub(/'[^']*'/, "", plain)
	if (plain ~ /[ )]LIMIT / && plain !~ /ORDER BY .*LIMIT /)
		stop("statement " name " has a LIMIT without an ORDER BY")
	if (plain ~ /SELECT (STRAIGHT_JOIN )?([A-Z]+\.)?\*/)
		stop("statement " name " does not list its columns")
	resource = resource_of(name)
	if ((arm != "") != (text ~ /:rows/))
		stop("statement " name ": header arm and :rows belong together")
	printf "QUERY(%s, %s, GUARD_%s, \"%s\", \"%s\", \"%s\",\n    \"%s\")\n", name, resource, guard, c_text(sorts),
	    c_text(filters), c_text(arm), c_text(text)
	open_ = 0
}

function begin(n)
{
	flush()
	if (n !~ /^[a-z][a-z0-9]*_[a-z0-9_]+$/)
		stop("a name is <resource>_<what>, not " n)
	if (n in seen)
		stop("statement " n " stands twice, first in " seen[n])
	seen[n] = FILENAME
	open_ = 1
	name = n
	guard = sorts = filters = arm = text = quote = ""
}

BEGIN {
	print "/* Made by tools/sqlgen.awk from schema/query; not to be edited. */"
}

# The vocabulary, before all statements.
FILENAME ~ /\.def$/ {
	if (match($0, /^RESOURCE\([a-z_]+,/))
		resources[substr($0, 10, RLENGTH - 10)] = 1
	next
}

FNR == 1 {
	flush()
}

{
	line = FNR
}

/^-- [a-z]+:/ {
	key = $2
	sub(/:$/, "", key)
	value = $0
	sub(/^-- [a-z]+: */, "", value)
	sub(/ *$/, "", value)
	if (key == "name") {
		begin(value)
		next
	}
	if (!open_ || text != "")
		stop("header " key " belongs below a name, before the text")
	if (index(value, ";"))
		stop("no ; in a header")
	if (key == "guard") {
		if (value !~ /^(scope|arms|open|admin)$/)
			stop("guard is scope, arms, open or admin, not " value)
		if (guard != "")
			stop("statement " name " has two guards")
		guard = value
	} else if (key == "sort") {
		if (split(value, part, " ") != 3 || part[3] !~ /^(asc|desc)$/)
			stop("sort is: field column asc|desc")
		sorts = sorts (sorts == "" ? "" : ";") value
	} else if (key == "arm") {
		if (guard !~ /^(scope|arms)$/ || arm != "")
			stop("one arm a statement, and guard: scope or arms above it")
		arm = value
	} else if (key == "filter") {
		if (split(value, part, " ") < 5 || !index(value, ":value"))
			stop("filter is: parameter type field index predicate, with :value in it")
		filters = filters (filters == "" ? "" : ";") value
	} else
		stop("unknown header " key)
	next
}

{
	if (open_)
		add($0)
	else if ($0 !~ /^ *(--.*)?$/)
		stop("text before the first name")
}

END {
	if (!failed)
		flush()
	exit failed
}
