"""The search request as a frozen value. Import its names from here.

`Question` (question.py) is a `Filter` (filter.py) with a text, an order and a page. Filters consist of terms, regions, an origin
and other values (conditions.py), and of clauses with alternatives. `facet_choices.py` chooses a value of a facet.
"""

from directory.question.conditions import FACETS as FACETS
from directory.question.conditions import Nationwide as Nationwide
from directory.question.conditions import Near as Near
from directory.question.conditions import RegionFilter as RegionFilter
from directory.question.conditions import RegionMatch as RegionMatch
from directory.question.conditions import TermFilter as TermFilter
from directory.question.conditions import YearRange as YearRange
from directory.question.facet_choices import choose_facet_value as choose_facet_value
from directory.question.facet_choices import list_facet_values as list_facet_values
from directory.question.filter import MAX_IDS as MAX_IDS
from directory.question.filter import MAX_NESTING as MAX_NESTING
from directory.question.filter import Clause as Clause
from directory.question.filter import Filter as Filter
from directory.question.filter import find_choice as find_choice
from directory.question.list_page import DEFAULT_PAGE_SIZE as DEFAULT_PAGE_SIZE
from directory.question.list_page import MAX_PAGE_SIZE as MAX_PAGE_SIZE
from directory.question.list_page import OrderField as OrderField
from directory.question.list_page import Page as Page
from directory.question.list_page import SortOrder as SortOrder
from directory.question.question import MAX_ALTERNATIVES as MAX_ALTERNATIVES
from directory.question.question import MAX_CHOICES as MAX_CHOICES
from directory.question.question import MAX_CLAUSES as MAX_CLAUSES
from directory.question.question import MAX_OPTIONAL_WORDS as MAX_OPTIONAL_WORDS
from directory.question.question import MAX_VALUES as MAX_VALUES
from directory.question.question import Question as Question
from directory.question.question import combine_questions as combine_questions
from directory.question.text_limits import CURSOR_ARGUMENTS as CURSOR_ARGUMENTS
from directory.question.text_limits import GLOBAL_ID_LIMIT as GLOBAL_ID_LIMIT
from directory.question.text_limits import KEY_LIMIT as KEY_LIMIT
from directory.question.text_limits import QUERY_LIMIT as QUERY_LIMIT
from directory.question.text_limits import SEARCH_LIMIT as SEARCH_LIMIT
from directory.question.text_limits import TEXT_LIMITS as TEXT_LIMITS
from directory.question.text_limits import WORD_LIMIT as WORD_LIMIT
from directory.question.text_limits import check_length as check_length
