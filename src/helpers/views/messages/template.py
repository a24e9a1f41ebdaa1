"""The letters as Markdown, before their words are put in: every claim cites its record."""
# ruff: noqa: E501 - a sentence of a letter is one line

from __future__ import annotations

__all__ = ["LETTER", "MESSAGE", "NOTE"]

PROMISES = """
{% macro finished(one) -%}
“{{ one.what }}”: done on {{ one.delivered }}
{%- if one.status == "late" %}, later than the {{ one.due }} that we promised{% endif %} [{{ one.ref }}].
{%- endmacro %}
{% macro missed(one) -%}
We promised “{{ one.what }}” by {{ one.due }} [{{ one.ref }}]: it is not done.
{%- if one.new_due %} The next date is {{ one.new_due }} [{{ one.ref }}].{% endif %}
{%- endmacro %}
{% macro waiting(one) -%}
{% if one.today %}
We promised “{{ one.what }}” by {{ one.due }} [{{ one.ref }}]: on that day it was not done yet.
{%- else %}
“{{ one.what }}”: due by {{ one.due }} [{{ one.ref }}].
{%- endif %}
{%- endmacro %}
"""
DONE = """{% if finished_ones %}
## What we have done

{% for one in finished_ones %}
- {{ finished(one) }}
{% endfor %}

{% endif %}
"""
OPEN = """{% for one in missed_ones %}
- {{ missed(one) }}
{% endfor %}
{% for one in waiting_ones %}
- {{ waiting(one) }}
{% endfor %}
"""
LETTER = (
    PROMISES
    + """
# A letter to our customers

[date]

Dear customer,

{% if respondents %}
Thank you for your answers to our survey. In all, {{ respondents }} answered. This letter says what we heard and what came of it.
{% else %}
Thank you for your answers to our survey. This letter says what we heard and what came of it.
{% endif %}

## What we heard

{% if by == "comments" %}
- You wrote most about {{ asked }}.
{% elif by == "ratings" %}
- Your ratings point to {{ asked }}: that is where better work would count most for you.
{% else %}
- You wrote about many things. No one of them stands out.
{% endif %}
{% if valued and sure %}
- Of all that we do, you rate {{ valued }} best.
{% elif valued %}
- Of all that we do, you rate {{ valued }} best, about alike.
{% endif %}

"""
    + DONE
    + """{% if missed_ones or waiting_ones %}
## What is still open

"""
    + OPEN
    + """
{% if missed_ones %}
We are sorry for what is late.

{% endif %}
{% endif %}
{% if score %}
## One number

Your answers put our {{ score.label }} at {{ score.now }}. Last time it was {{ score.before }}. {{ score.verdict }}

{% endif %}
## Write to me

If you have a question, write to {{ contact }}. Thank you for your time and your trust.

{{ chief }}

{{ client }}
"""
)
NOTE = (
    PROMISES
    + """
# A note to {{ function }}

[date]

Dear colleagues,

{% if staff %}
Thank you to the {{ staff }} who answered the staff survey.

{% endif %}
{% if rated %}
## What customers say of your work

{% for one in rated %}
- {{ one.label }}: {{ one.mean }} on a scale from {{ one.low_end }} to {{ one.high_end }}, from {{ one.base }} answers. The true mean lies between {{ one.low }} and {{ one.high }}.
{% endfor %}

{% endif %}
{% if customers %}
## What customers wait for from you

{% for one in customers %}
- {{ missed(one) if one.is_late else waiting(one) }}
{% endfor %}

{% endif %}
{% if proposed %}
## Proposals for your team

{% for one in proposed %}
- “{{ one.what }}”: proposed for funding, to start on {{ one.due }} [{{ one.ref }}].
{% endfor %}

{% endif %}
{% if finished_ones or missed_ones or waiting_ones %}
## Your own points

{% for one in finished_ones %}
- {{ finished(one) }}
{% endfor %}
"""
    + OPEN
    + """
{% endif %}
If you have a question, write to {{ contact }}.

{{ signed }}
"""
)
MESSAGE = (
    PROMISES
    + """
# To {{ account }}

[date]

Dear [name],

{% if answered %}
Thank you for answering our survey.
{% else %}
Thank you for working with us.
{% endif %}

{% if best or worst %}
## What you told us

{% if best and worst %}
You rate {{ best }} best. You rate {{ worst }} lowest. What should change there first?
{% elif best %}
You rate {{ best }} best.
{% else %}
You rate {{ worst }} lowest. What should change there first?
{% endif %}

{% endif %}
{% if cases %}
## What is open with you

{% for one in cases %}
{% if one.is_late %}
- Your case of {{ one.promised }}{% if one.about %} ({{ one.about }}){% endif %}: the day for {{ one.what }} was {{ one.due }}, it is not done yet, and we are sorry [{{ one.ref }}].
{% elif one.due %}
- Your case of {{ one.promised }}{% if one.about %} ({{ one.about }}){% endif %}: {{ one.what }} is due by {{ one.due }} [{{ one.ref }}].
{% else %}
- Your case of {{ one.promised }}{% if one.about %} ({{ one.about }}){% endif %} is open [{{ one.ref }}].
{% endif %}
{% endfor %}

{% endif %}
"""
    + DONE
    + """{% if missed_ones or waiting_ones %}
## Your own points

"""
    + OPEN
    + """
{% endif %}
{% if interests %}
## What you asked about

You ticked {{ interests }} in our survey. If you want to hear more, reply to this message.

{% endif %}
Our letter to all customers tells the rest. Please write to {{ contact }} if you have a question.

{{ signed }}
"""
)
