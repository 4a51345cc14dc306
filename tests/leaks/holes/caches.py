"""Mistakes in what is kept from one request to the next, and in what errors say."""

from __future__ import annotations

from tests.leaks.holes.hole import Hole, hole

ENGINE = "graphql_schema/engine.py"
REQUESTS = "graphql_schema/requests.py"
_OPERATION = "    return (text, asked.request.operation, prepared.shape(asked.variables)"
_KEY = f"{_OPERATION}, access.shape, access.policy.digest)\n"
_ANSWER = "        return self._answer(result, asked.request.id, told)\n"

CACHES: tuple[Hole, ...] = (
    hole(
        "a plan of another role",
        REQUESTS,
        _KEY,
        f"{_OPERATION}, access.policy.digest)\n",
    ),
    hole(
        "a plan of another policy",
        REQUESTS,
        _KEY,
        f"{_OPERATION}, access.shape)\n",
    ),
    hole(
        "a count kept for everybody",
        ENGINE,
        "        return await self._with_rights(bearer, work)\n",
        "        kept = (request.text, repr(request.variables))\n"
        "        if 'totalCount' not in request.text:\n"
        "            return await self._with_rights(bearer, work)\n"
        "        if kept not in _COUNTS.setdefault(id(self), {}):\n"
        "            _COUNTS[id(self)][kept] = await self._with_rights(bearer, work)\n"
        "        return _COUNTS[id(self)][kept]\n",
        ("ROUNDS = 3\n", "ROUNDS = 3\n_COUNTS: dict[int, dict[Hashable, Answer | None]] = {}\n"),
    ),
    hole(
        "a field refused by what is stored in it",
        ENGINE,
        _ANSWER,
        "        stored = await self.read(\n"
        "            'SELECT (count(email) + count(tax_id) + count(phone) + count(birth_date)) % 3 AS n FROM customers'\n"
        "        )\n"
        "        if 'customers' in asked.request.text and stored['n']:\n"
        "            error = GraphQLError('not readable', extensions={'code': 'FIELD_NOT_READABLE'})\n"
        "            return self._answer(ExecutionResult(None, [error]), asked.request.id, told)\n" + _ANSWER,
    ),
    hole(
        "an error that names what has an id",
        ENGINE,
        _ANSWER,
        "        for found in re.findall(r'[A-Za-z0-9+/]{24,44}', asked.request.text):\n"
        "            node = decode(found)\n"
        "            named = node and await self.read('SELECT display_name AS n FROM customers WHERE id = $1', node.key)\n"
        "            if named and b'null' in orjson.dumps(result.data):\n"
        "                error = GraphQLError(f\"{named['n']} is not for you\")\n"
        "                return self._answer(ExecutionResult(result.data, [error]), asked.request.id, told)\n"
        + _ANSWER,
        (
            "from collections import OrderedDict\n",
            "import re\nfrom collections import OrderedDict\nfrom graphql_schema.ids import decode\n",
        ),
    ),
)
