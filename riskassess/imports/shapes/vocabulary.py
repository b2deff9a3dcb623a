"""The words people put over the columns of each shape, as data. Order in `aliases` is preference. Pure."""

from __future__ import annotations

from riskassess.sheets.columns import ColumnKind, Field
from riskassess.sheets.vocabulary import FIELDS_BY_NAME

_WORDS, _BOOL, _DATE, _LIST, _URL = (
    ColumnKind.WORDS,
    ColumnKind.BOOL,
    ColumnKind.DATE,
    ColumnKind.LIST,
    ColumnKind.URL,
)

REGION_FIELDS: tuple[Field, ...] = (
    Field("provider_name", "Provider", aliases=(
        "provider name", "cloud provider", "cloud name", "vendor name", "vendor", "company", "operator")),
    Field("provider", "Provider's short name", aliases=(
        "cloud", "provider id", "provider code", "platform", "csp")),
    Field("region_code", "Region code", aliases=(
        "region id", "region identifier", "region", "code", "location code", "api name", "programmatic name",
        "region name", "location", "name", "region key", "slug")),
    Field("display_name", "Display name", aliases=(
        "region name", "location name", "friendly name", "name", "region display name", "location",
        "description", "title")),
    Field("region_type", "Region type", aliases=(
        "type", "kind", "cloud type", "partition", "environment", "region kind", "category")),
    Field("country_code", "Country code", aliases=(
        "country iso2", "iso2", "iso country", "iso code", "country iso", "iso 3166", "alpha 2", "cc",
        "country iso3", "iso3")),
    Field("country", "Country", aliases=(
        "country name", "country region", "nation", "geography", "state", "territory")),
    Field("city", "City", aliases=(
        "region location", "metro", "physical location", "town", "metro area", "data center location",
        "datacenter location")),
    Field("continent", "Continent", aliases=("geographic area", "world region", "area", "geo")),
    Field("latitude", "Latitude", aliases=("lat",)),
    Field("longitude", "Longitude", aliases=("lon", "lng", "long")),
    Field("zones", "Availability zones", aliases=("azs", "zones", "availability zone", "az count")),
    Field("launched", "Launched", aliases=("launch date", "opened", "since", "launch year", "available since")),
    Field("status", "Status", aliases=("stage", "state", "availability")),
    Field("compliance", "Compliance", aliases=("certifications", "compliance programs")),
    Field("sovereignty", "Sovereignty", aliases=("sovereign",)),
    Field("paired", "Paired region", aliases=("regional pair", "pair", "paired with")),
    Field("notes", "Notes", aliases=("note", "comment", "comments", "remarks")),
)  # fmt: skip

VENDOR_FIELDS: tuple[Field, ...] = (
    Field("name", "Vendor", aliases=(
        "vendor name", "supplier", "supplier name", "sub processor", "subprocessor", "sub processor name",
        "subprocessor name", "third party", "third party name", "company", "company name", "legal name", "name",
        "provider", "provider name", "organization", "organisation", "organization name", "entity",
        "entity name", "legal entity", "partner", "contractor", "processor", "service provider", "recipient",
        "data recipient", "recipient name", "name of processor", "name of sub processor",
        "legal name of the ict third party service provider")),
    Field("aliases", "Other names", _LIST, (
        "alias", "aliases", "also known as", "aka", "trade name", "trading name", "trading as", "short name",
        "other name", "former name", "brand", "dba", "alternative name")),
    Field("country", "Headquarters country", aliases=(
        "country", "headquarters", "hq", "hq country", "country of headquarters", "country headquarters",
        "country of incorporation", "country of registration", "domicile", "registered country",
        "legal jurisdiction", "jurisdiction", "country code",
        "country of the ict third party service provider s headquarters")),
    Field("parent", "Parent company", aliases=(
        "parent", "ultimate parent", "ultimate parent company", "parent name", "owned by", "group",
        "holding company", "parent organization", "majority owner", "owner company")),
    Field("lei", "LEI", aliases=("lei code", "legal entity identifier", "lei number")),
    Field("website", "Website", _URL, ("web site", "url", "homepage", "home page", "site", "web", "domain")),
    Field("summary", "Summary", aliases=(
        "description", "about", "notes", "comment", "profile", "purpose", "service purpose", "processing purpose",
        "function", "service", "services", "service provided", "activity", "processing type", "processing activity",
        "processing activities", "what they do", "what it does",
        "used for", "nature of processing",
        "nature and purpose of processing", "description of processing", "subject matter of processing", "role")),
    Field("vendor_id", "Vendor number", aliases=(
        "vendor id", "supplier id", "supplier number", "id", "duns", "duns number", "registration number",
        "company number", "vat", "vat number", "vat id",
        "tax id", "supplier no", "vendor no", "creditor number",
        "identification code of ict third party service provider")),
    Field("category", "Category", aliases=("type", "vendor type", "tier", "sector", "industry", "segment",
        "vendor category",
        "supplier category", "service type", "criticality", "risk tier", "services provided")),
    Field("contact", "Contact", aliases=("email", "contact email", "contact name", "phone", "address",
        "contact e mail", "e mail")),
    Field("status", "Status", aliases=("vendor status", "state")),
)  # fmt: skip

MATRIX_FIELDS: tuple[Field, ...] = (
    *(FIELDS_BY_NAME[name] for name in ("vendor", "model_name", "model_id", "version", "developer", "channel")),
    Field("deployment_type", "Deployment type", aliases=("deployment", "sku", "offer type", "deployment option")),
    Field("region", "Region (models are over the columns)", aliases=(
        "region", "location", "region name", "azure region", "aws region", "region code", "data center")),
    Field("mark", "Mark (a region, or a model, is over the column)"),
    Field("notes", "Notes", aliases=("note", "comment", "comments", "remarks")),
)  # fmt: skip

SCHEDULE_FIELDS: tuple[Field, ...] = tuple(
    FIELDS_BY_NAME[name]
    for name in (
        "vendor", "model_name", "model_id", "version", "developer", "channel", "status", "release_date",
        "deprecation_date", "retirement_date", "successor", "source_url", "notes",
    )
)  # fmt: skip

EFFECTIVE_DATE = Field("effective_date", "Effective from", _DATE, (
    "effective date", "effective", "effective start date", "effective from",
    "valid from", "from date", "from", "start date", "price effective date",
    "applies from", "price date", "as of", "date", "price valid from", "starting"))  # fmt: skip

FACT_FIELDS: tuple[Field, ...] = (
    Field("subject", "Subject", aliases=(
        "model", "model name", "item", "entity", "product", "record", "about", "object", "offering", "name")),
    Field("attribute", "Attribute", aliases=(
        "property", "fact", "field", "key", "metric", "parameter", "characteristic", "aspect", "predicate",
        "attribute name", "what")),
    Field("value", "Value", _WORDS, ("stated value", "content", "data", "result", "fact value", "answer")),
    Field("unit", "Unit", aliases=("units", "unit of measure", "uom", "measured in")),
    Field("as_of", "As of", _DATE, (
        "date", "stated on", "valid on", "published", "retrieved", "observed on", "as of date", "checked on",
        "date stated")),
    Field("source_kind", "Kind of source", aliases=("source type", "publisher", "source class", "who says so")),
    Field("source", "Source", aliases=(
        "source url", "reference", "citation", "url", "link", "origin", "evidence", "where")),
    Field("note", "Note", aliases=("notes", "comment", "comments", "remarks")),
    Field("vendor", "Vendor", aliases=("seller", "provider", "sold by", "vendor name")),
    FIELDS_BY_NAME["version"],
    FIELDS_BY_NAME["developer"],
    FIELDS_BY_NAME["channel"],
)  # fmt: skip

COUNTRY_FIELDS: tuple[Field, ...] = (
    Field("country_code", "Country code", aliases=("country iso2", "iso2", "iso code", "alpha 2")),
    Field("country", "Country", aliases=("country name", "state", "territory", "jurisdiction")),
    Field("eu_member", "EU member", _WORDS, aliases=("eu", "eu27", "member state", "european union")),
    Field("eea", "EEA", _WORDS, aliases=("eea member", "european economic area")),
    Field("adequacy", "Adequacy", _WORDS, aliases=("adequate", "adequacy decision", "gdpr adequacy")),
    Field("scope", "Scope", aliases=("adequacy scope",)),
    Field("decided_on", "Decided on", _DATE, ("decision date", "adopted", "in force", "valid from")),
    Field("note", "Note", aliases=("notes", "comment", "reference")),
)  # fmt: skip

REGISTER_FIELDS: tuple[Field, ...] = (
    Field("device", "Device", aliases=(
        "device name", "product name", "product", "trade name", "name of device", "proprietary name",
        "brand name", "medical device", "cloud service offering")),
    Field("company", "Company", aliases=(
        "applicant", "manufacturer", "company name", "submitter", "sponsor", "legal manufacturer", "firm",
        "organization", "holder", "vendor", "manufacturer name", "applicant name", "cloud service provider")),
    Field("number", "Submission number", aliases=(
        "submission", "510 k number", "k number", "application number", "clearance number",
        "authorization number", "certificate number", "registration number", "approval number",
        "decision number", "de novo number", "pma number", "licence number", "licence no", "license number",
        "license no", "registration no", "certificate no")),
    Field("decided_on", "Decision date", _DATE, (
        "date of final decision", "date decision", "approval date", "clearance date",
        "authorization date", "certificate date", "date cleared", "date of decision", "registration date",
        "date of registration", "issue date", "date of issue", "date")),
    Field("panel", "Panel", aliases=(
        "panel lead", "lead panel", "review panel", "medical specialty", "specialty", "advisory committee",
        "classification panel")),
    Field("product_code", "Product code", aliases=(
        "primary product code", "classification product code", "device class", "class", "risk class")),
    Field("authority", "Authority", aliases=(
        "regulator", "agency", "notified body", "competent authority", "issued by")),
    Field("decision", "Decision", aliases=("status", "outcome", "type", "submission type", "pathway")),
    Field("country", "Country", aliases=("applicant country",)),
    Field("notes", "Notes", aliases=("note", "comment", "intended use", "indication", "description")),
)  # fmt: skip

USE_FIELDS: tuple[Field, ...] = (
    Field("organisation", "Organisation", aliases=(
        "agency", "organization", "department", "bureau", "business unit", "unit", "office", "component",
        "agency name", "team", "owner", "division", "bureau component", "agency bureau", "bureau department",
        "sub agency", "operating division", "agency abbreviation")),
    Field("use_case", "Use case", aliases=(
        "ai use case", "use", "purpose", "use case name", "task", "intended purpose",
        "business purpose", "title", "description")),
    Field("in_use", "In use", _BOOL, (
        "agency use", "agency use y n", "used", "in production", "deployed", "use y n", "active")),
    Field("product", "Product", aliases=(
        "product name", "name of commercial product or service used", "commercial product",
        "commercial product or service", "product or service", "software", "tool", "tool name", "service",
        "ai system", "solution", "vendor product", "ai tool", "cots product", "application", "application name",
        "software name", "app", "app name")),
    Field("licences", "Licences or users", aliases=(
        "estimated number of licenses users", "estimated licenses users", "number of licenses",
        "number of users", "licenses", "users", "seats", "license count", "user count")),
    Field("vendor", "Vendor", aliases=("vendor name", "supplier", "manufacturer", "company", "provider")),
    Field("stage", "Stage", aliases=(
        "stage of development", "development stage", "dev stage", "phase", "status", "lifecycle")),
    Field("use_id", "Use case ID", aliases=("use case number", "inventory id", "use case identifier", "use id")),
    Field("topic", "Topic", aliases=("use case topic area", "topic area", "ai classification", "use case category")),
    Field("notes", "Notes", aliases=("note", "comment", "comments", "remarks")),
)  # fmt: skip

_QUESTION = Field("question", "Question", aliases=(
    "indicator", "question text", "question request", "control", "requirement", "question or text", "item", "criterion",
    "control question", "assessment question", "topic"))  # fmt: skip

ANSWER_FIELDS: tuple[Field, ...] = (
    _QUESTION,
    Field("answer", "Answer", _WORDS, (
        "disclosure", "response", "vendor response", "supplier response", "vendor answer", "answer text",
        "reply", "csp caiq answer", "provider response")),
    Field("answer_yes", "Ticked: yes", _BOOL, ("answer yes", "response yes", "yes")),
    Field("answer_no", "Ticked: no", _BOOL, ("answer no", "response no")),
    Field("answer_na", "Ticked: does not apply", _BOOL, (
        "answer not applicable", "response not applicable", "answer na", "response na", "not applicable")),
    Field("justification", "Explanation", aliases=(
        "justification", "comment", "comments", "explanation", "vendor comment", "rationale", "details",
        "implementation description", "remarks", "csp implementation description", "additional information",
        "additional comments", "response details", "vendor notes", "supplier comments", "comments notes",
        "explanation of answer", "supporting information", "narrative", "clarification", "explain")),
    Field("references", "References", aliases=(
        "reference", "evidence", "source", "sources", "link", "url", "proof", "supporting document",
        "documents", "attachments")),
    Field("score", "Score", aliases=("points", "rating", "grade", "result")),
    Field("definition", "Definition", aliases=("description", "meaning", "specification", "control text")),
    Field("notes", "Notes", aliases=("note", "guidance", "help", "instructions")),
    Field("section", "Section", aliases=("domain", "subdomain", "category", "chapter", "area", "title",
        "control domain", "domain title", "control title", "family", "theme")),
    Field("question_id", "Question ID", aliases=(
        "id", "number", "no", "ref", "control id", "key", "ques num", "question number", "question no", "q id", "q no",
        "requirement id", "control number", "item number")),
    Field("ownership", "Who is responsible", aliases=(
        "control ownership", "ssrm control ownership", "responsibility", "shared responsibility", "responsible party")),
    Field("answered_on", "Answered on", _DATE, ("answer date", "date", "response date", "as of")),
    Field("change", "New answer", _WORDS, aliases=("new disclosure", "changed", "updated")),
    Field("vendor", "Who answered", aliases=("vendor", "respondent", "supplier", "company", "developer")),
)  # fmt: skip

QUESTION_FIELDS: tuple[Field, ...] = (
    _QUESTION,
    Field("question_id", "Question ID", aliases=("id", "number", "no", "ref", "control id", "key")),
    Field("section", "Section", aliases=("domain", "subdomain", "category", "chapter", "area")),
    Field("kind", "Kind of answer", aliases=("type", "question type", "answer type", "format")),
    Field("choices", "Choices", aliases=("options", "answer options", "possible answers", "allowed values")),
    Field("condition", "Condition", aliases=("depends on", "show if", "if", "applies when")),
    Field("severity", "Severity", aliases=("weight", "criticality", "priority", "importance")),
    Field("warning", "Warning", aliases=("warning name", "risk", "finding")),
    Field("definition", "Definition", aliases=("description", "meaning", "explanation")),
    Field("notes", "Notes", aliases=("note", "guidance", "help", "why", "rationale", "instructions")),
    Field("example", "Example answer", aliases=(
        "example disclosure", "example", "sample answer", "suggested evidence", "expected evidence",
        "evidence of compliance", "suggested evidence of compliance", "example evidence")),
)  # fmt: skip
