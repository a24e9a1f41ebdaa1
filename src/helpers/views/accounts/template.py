"""The template of an account's page: plain HTML in the book's own classes, every text escaped
(the bars are our own markup of numbers alone)."""

PAGE = """\
<section class="account-page" id="account" data-words="{{ words }}">
<h1>{{ row.name }}</h1>
<p class="account-facts">
{%- if row.segment %}<span>{{ row.segment }}</span>{% endif %}
<span>Owner: <strong>{{ row.owner or "to be named" }}</strong></span>
{%- if row.sponsor %}<span>Sponsor: <strong>{{ row.sponsor }}</strong></span>
{%- elif unsponsored %}<span>Sponsor: <strong>to be named</strong></span>{% endif %}
{%- if contract_end %}<span>Contract ends <strong>{{ contract_end }}</strong></span>{% endif %}
<span>As of {{ as_of }}</span>
<span><a href="../notebooks/accounts.html">Account list</a></span></p>
<div class="do-next account-next">
{% for one in steps %}<p><strong>{{ "Next" if loop.first else "Also" }}.</strong> {{ one.what }}.
{% if one.who %}<span class="owner">{{ one.who }}</span>{% endif %}</p>
{% endfor %}
{% if row.avoid %}<p class="avoid"><strong>Do not pitch:</strong> {{ row.avoid }}.</p>{% endif %}
{% if row.settled %}<p class="trust">{{ row.conflict }} Settled: {{ row.settled }}.</p>{% endif %}
</div>
<div class="account-grid">
<section><h2>Open now</h2>
{% if tickets or promises %}<ul>
{% for one in tickets %}<li{% if one.late %} class="late"{% endif %}>Ticket\
{% if one.about %} ({{ one.about }}){% endif %} since {{ one.since }}: {{ one.what }}\
{% if one.rests %}; rests until {{ one.rests }}, as agreed\
{% elif one.due %} promised by {{ one.due }}\
{% if one.late %}, <strong>{{ one.late }} overdue</strong>{% endif %}\
{% else %}, no day promised{% endif %}{% if one.owner %}; {{ one.owner }}{% endif %}</li>
{% endfor %}
{% for one in promises %}<li{% if one.late %} class="late"{% endif %}>Promise: {{ one.what }}\
{% if one.due %}, by {{ one.due }}{% if one.late %}, \
<strong>{{ one.late }} overdue</strong>{% endif %}{% endif %}</li>
{% endfor %}</ul>{% else %}<p>No ticket and no promise is open.</p>{% endif %}
</section>
{% if drivers %}<section class="account-drivers"><h2>Drivers against other accounts</h2>
<table><thead><tr><th scope="col">Driver</th><th scope="col">Here</th>\
<th scope="col">Others</th></tr></thead><tbody>
{% for one in drivers %}<tr><th scope="row">{{ one.label }}</th><td>{{ one.value }}\
{% if one.span %} <small>({{ one.span }})</small>{% endif %} {{ one.bar|safe }}</td>\
<td>{{ one.peers }}</td></tr>
{% endfor %}</tbody></table></section>{% endif %}
<section><h2>Value and risk</h2><dl>
<dt>Treatment</dt><dd>{{ row.cell or "not placed: no answer that may be shown" }}
{%- if row.firmness %} <small>{{ row.firmness }}</small>{% endif %}</dd>
<dt>Loyalty</dt><dd>{% if loyalty %}{{ loyalty.value }}
{%- if loyalty.span %} ({{ loyalty.span }}){% endif %} {{ loyalty.bar|safe }}
{%- if segment_word %} <small>{{ segment_word }}</small>{% endif %}
{% else %}<span class="unknown">? no answer that may be shown</span>{% endif %}</dd>
{% if money.revenue %}<dt>Revenue, 12 months</dt><dd>{{ money.revenue }}</dd>{% endif %}
{% if money.at_risk %}<dt>At risk</dt><dd>{{ money.at_risk }}
{%- if money.risk_low %} ({{ money.risk_low }} to {{ money.risk_high }}){% endif %}
{%- if money.linked %}, {{ money.linked }} of it linked to the score{% endif %}</dd>{% endif %}
{% for name, value in parts %}<dt>{{ name }}</dt><dd>{{ value }} of 100</dd>{% endfor %}
</dl>
{% if revenue %}<figure class="account-line">
<svg viewBox="-4 -4 {{ revenue.wide + 8 }} {{ revenue.high + 8 }}" role="img" \
aria-label="Revenue of twelve months by wave:\
{% for wave, worth in revenue.told %} {{ wave }} {{ worth }}{{ "," if not loop.last }}\
{% endfor %}"><polyline points="{{ revenue.points }}" />
{% for x, y in revenue.dots %}<circle cx="{{ x }}" cy="{{ y }}" r="3" />{% endfor %}</svg>
<figcaption>Revenue before each wave: \
{% for wave, worth in revenue.told %}{{ wave }} {{ worth }}{{ ", " if not loop.last }}{% endfor %}\
</figcaption></figure>{% endif %}
</section>
{% if leads.rows or waiting %}<section><h2>What it may want</h2>
{% if leads.rows %}<p>{% if leads.whom %}Call the {{ leads.whom }} about{% else %}Call about\
{% endif %} (expected money):</p>
<ul>
{% for one in leads.rows %}<li>{{ one.about }}\
{% if one.money %}: {{ one.money }} ({{ one.span }}){% endif %}, {{ one.why }}</li>
{% endfor %}
{% if leads.more %}<li>{{ leads.more }} more under <a href="../notebooks/leads.html">leads</a>\
</li>{% endif %}</ul>{% endif %}
{% if waiting %}<p>Wait until things are put right: {{ waiting }}.</p>{% endif %}
</section>{% endif %}
{% if quotes %}<section class="account-words"><h2>In their words</h2>
{% for one in quotes %}<blockquote><p>{{ one.text }}</p><footer>{{ one.role }}</footer>\
</blockquote>{% endfor %}</section>{% endif %}
<section><h2>People</h2>
{% if people.rows %}<table class="account-people"><thead><tr><th scope="col">Role</th>
<th scope="col">Function</th><th scope="col">Score</th></tr></thead><tbody>
{% for one in people.rows %}<tr><th scope="row">{{ one.role }}</th><td>{{ one.function }}</td>
<td>{% if one.score %}{{ one.score }}{% else %}<span class="unknown">?</span>{% endif %}</td></tr>
{% endfor %}</tbody></table>
<p class="table-note">{% if people.more %}And {{ people.more }} more. {% endif %}\
? did not answer, or did not agree to be named.</p>
{% else %}<p>No person is listed.</p>{% endif %}
</section>
</div>
</section>
"""
