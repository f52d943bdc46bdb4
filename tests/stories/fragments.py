"""The fragments of the query battery, which select every field except those of root fields with their own documents."""

from directory.fields import FIELDS

PART = 'field value label(language: "es") search'
COUNT = 'value label en: label(language: "es") count selected'
BOX = "south west north east"
PLAIN_VALUES = " ".join(field.graphql_name for field in FIELDS.values() if not field.is_list)

FRAGMENTS = {
    "whole": f"fragment whole on Organization {{ {PLAIN_VALUES}"
    """
      id slug name names { name kind language } links { kind url }
      identifiers { scheme value } languages { tag label(language: "es") }
      issueAreas { slug } communities { slug label organizationCount } workAreas { slug label organizationCount }
      locations {
        id name address { street city county state postalCode country } point { latitude longitude } precision radiusKm
        regions { code } isPrimary
      }
      serviceAreas { code } nationwide
      contacts { role name email phone phoneExtension languages { tag } }
      membership { status joinedOn endedOn }
      parent { id locations { id point { latitude } } } branches { id locations { id point { latitude } } }
      relations { kind organization { id locations { id point { latitude } } } actor note url }
      sources { field title url date } verificationDue updatedAt
      coalitions(first: 20) { totalCount nodes { slug } }
      events(first: 20) { totalCount nodes { slug } }
    }""",
    "found": "fragment found on OrganizationConnection { totalCount edges { cursor distance node { slug } } }",
    "explained": f"""fragment explained on OrganizationConnection {{
      totalCount version nodes {{ id }}
      edges {{
        cursor kilometers: distance(unit: KILOMETER) miles: distance(unit: MILE) node {{ slug }}
        match {{
          tier regionReason highlights {{ field segments {{ text matched }} }}
          issueAreas {{ issueArea {{ slug }} through {{ slug }} }}
        }}
      }}
      pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }}
      question {{ {PART} alternatives {{ {PART} alternatives {{ {PART} }} }} }}
      relaxations {{ kind without {{ field value label }} instead {{ field value }} question {{ field value }} count search }}
      search
    }}""",
    "counts": f"""fragment counts on OrganizationConnection {{
      totalCount
      facets {{
        issueAreas(first: 500) {{ {COUNT} }} communities(first: 500) {{ {COUNT} }} workAreas(first: 500) {{ {COUNT} }}
        languages(first: 500) {{ {COUNT} }} kinds {{ ... on Count {{ {COUNT} }} }} locationNotStated
        counties: regions(kind: COUNTY, within: "US-GA", first: 500) {{ {COUNT} local }}
        states: regions(kind: STATE) {{ value count local }} custom: regions(kind: CUSTOM) {{ value count local }}
        countries: regions(kind: COUNTRY) {{ value count local }}
        wide: regions(kind: CENSUS_REGION) {{ value count local }}
        divisions: regions(kind: CENSUS_DIVISION) {{ value count local }}
      }}
    }}""",
    "understood": f"""fragment understood on Understanding {{
      query search optionalWords needsFromAsker leftOut notes spanishNotes: notes(language: "es")
      parts {{ {PART} alternatives {{ {PART} }} }}
      corrections {{ original corrected search }}
      ambiguous {{ words likeliest {{ search }} candidates {{ kind label search node {{ id }} }} }}
      unknownPlaces {{ words nearest {{ kind label search node {{ id }} }} }}
    }}""",
    "drawn": f"""fragment drawn on OrganizationMap {{
      marks {{ point {{ latitude longitude }} count bounds {{ {BOX} }} organization {{ slug }} precision }}
      bounds {{ {BOX} }} withoutPoint
    }}""",
    "region": f"""fragment region on Region {{
      id code name kind aliases within {{ code }} states: contains(kind: STATE) {{ code }} bounds {{ {BOX} }} organizationCount
    }}""",
    "area": """fragment area on IssueArea {
      id slug label es: label(language: "es") synonyms en: synonyms(language: "en")
      definition inSpanish: definition(language: "es") broader { slug } narrower { slug } nteeCodes organizationCount
      provisions(first: 50) { slug }
    }""",
    "allies": """fragment allies on AllyConnection {
      totalCount pageInfo { endCursor hasNextPage }
      edges {
        cursor score reasonCount distance miles: distance(unit: MILE) node { slug }
        reasons(first: 20) {
          kind contribution text es: text(language: "es") issueArea { slug } community { slug } workArea { slug } region { code }
          coalition { slug }
        }
      }
      ties { kind isStatedByIt organization { slug } knownBy { slug } relation { kind } }
    }""",
    "coverage": """fragment coverage on Coverage {
      rows {
        facet value label es: label(language: "es") memberCount stated recentlyVerified verifiedSince lastVerified
        regionGroups regionVerdicts search
      }
      regions { code } gapCount regionUnknown { value count }
      cells(first: 300) {
        totalCount pageInfo { endCursor hasNextPage }
        nodes {
          row { value } region { code } located serving nationwide groups stated placeUnknown verifiedSince verdict search
          localSearch
        }
      }
      gaps(first: 60) {
        cell { row { value } region { code } groups placeUnknown verdict } target missing nearest { slug }
      }
    }""",
    "plan": """fragment plan on CoalitionPlan {
      members {
        organization { slug } included covers { label(language: "es") } coversAlone { label } adds alternatives { slug }
        searchWithout
      }
      covered total uncovered {
        cell { issueArea { slug } region { code } } missing reason text es: text(language: "es") nearest { slug }
      }
      certificate {
        optimal lowerBound proof reason es: reason(language: "es") cells { label } weights needs capacity excess timedOut
      }
      search notes spanishNotes: notes(language: "es")
    }""",
    "coalition": """fragment coalition on Coalition {
      id slug name kind status summary startedOn endedOn
      website links { kind url } issueAreas { slug } regions { code } parent { slug }
      members(first: 100) {
        totalCount nodes { slug } edges { cursor node { slug } role since until note } pageInfo { endCursor hasNextPage }
      }
      branches(first: 100) { totalCount nodes { slug } }
      events(first: 100) { totalCount nodes { slug } }
      sources { field title } updatedAt
    }""",
    "event": """fragment event on Event {
      id slug title summary startsAt endsAt isAllDay isCancelled timeZone timeAsStated place
      locations {
        id name address { street city county state postalCode } point { latitude longitude } precision radiusKm regions { code }
      }
      onlineUrl registrationUrl links { url } issueAreas { slug } hosts { slug } actors coalition { slug }
      sources { field title } updatedAt
    }""",
    "instrument": """fragment instrument on Instrument {
      id slug name(language: "es") kind acronym adoptedOn url summary issueAreas { slug } provisions(first: 50) { slug }
      responses { value count } cycles { value count } sources { field title } updatedAt
    }""",
    "provision": """fragment provision on Provision {
      id slug instrument { slug } number subject(language: "es") summary cycle recommendingState response issueAreas { slug }
      organizationCount sources { field title } updatedAt
    }""",
    "place": "fragment place on Place { id name kind point { latitude longitude } regions { code } }",
}


def build_document(selection: str) -> str:
    """Return a query with the fragments that it uses."""
    fragments = [text for name, text in FRAGMENTS.items() if f"...{name} " in selection.replace("}", " }")]
    return "{ " + selection + " }\n" + "\n".join(fragments)


def build_aliased_document(*fields: str) -> str:
    """Return a query with all fields, each under its own alias."""
    return build_document("\n".join(f"q{number}: {field}" for number, field in enumerate(fields)))
