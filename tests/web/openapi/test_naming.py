"""Two schemas of one name get names that people can say."""

from mlquote.web.openapi.naming import named_apart

TWO = {
    "components": {
        "schemas": {
            "mlquote__estimators__tokens__bill__Price": {"title": "Price", "type": "object"},
            "mlquote__estimators__serving__answer__Price": {"title": "Price", "type": "object"},
            "Other": {"properties": {"a": {"$ref": "#/components/schemas/mlquote__estimators__tokens__bill__Price"}}},
        }
    }
}


def test_a_name_of_modules_becomes_the_subject_and_the_name_wherever_it_stands() -> None:
    schemas = named_apart(TWO)["components"]["schemas"]
    assert set(schemas) == {"TokensPrice", "ServingPrice", "Other"}
    assert schemas["TokensPrice"]["title"] == "TokensPrice"
    assert schemas["Other"]["properties"]["a"] == {"$ref": "#/components/schemas/TokensPrice"}


def test_a_document_without_such_names_is_left_as_it_is() -> None:
    assert named_apart({"paths": {}}) == {"paths": {}}
