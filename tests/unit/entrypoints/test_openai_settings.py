"""What the environment says of the OpenAI image model."""

import pytest

from tearsheet.adapters.openai_images.options import DEFAULT_MODEL, OpenAIOptions
from tearsheet.adapters.openai_images.presets import PRESETS, AuthHeader
from tearsheet.entrypoints.settings import Settings, WrongSetting


def options(**variables: str) -> OpenAIOptions:
    """What the service gets when this model is chosen."""
    found = Settings.read({"TEARSHEET_IMAGE_MODEL": "openai", **variables}).openai
    assert found is not None
    return found


def refused(**variables: str) -> str:
    """The one line that these variables are refused with."""
    with pytest.raises(WrongSetting) as caught:
        options(**variables)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_key_is_enough_for_openai() -> None:
    """Address, model and header have values."""
    assert options(OPENAI_API_KEY="sk-1") == OpenAIOptions(
        model=DEFAULT_MODEL,
        preset=PRESETS["openai"],
        base_url="https://api.openai.com/v1",
        api_key="sk-1",
        auth_header=AuthHeader.BEARER,
    )


def test_everything_can_be_chosen() -> None:
    """For a server of one's own behind another address."""
    found = options(
        OPENAI_API_KEY="k",
        OPENAI_BASE_URL="http://10.0.0.7:8080/v1/",
        TEARSHEET_OPENAI_PRESET="localai",
        TEARSHEET_OPENAI_MODEL="flux.1-dev",
        TEARSHEET_OPENAI_AUTH_HEADER="api-key",
        TEARSHEET_OPENAI_RESPONSE_FORMAT="unset",
        TEARSHEET_OPENAI_MODERATION="low",
        TEARSHEET_OPENAI_RESULT_HOSTS="CDN.example.com, 10.0.0.8:9000",
    )

    assert found == OpenAIOptions(
        model="flux.1-dev",
        preset=PRESETS["localai"],
        base_url="http://10.0.0.7:8080/v1/",
        api_key="k",
        auth_header=AuthHeader.API_KEY,
        response_format=None,
        moderation="low",
        result_hosts=("cdn.example.com", "10.0.0.8:9000"),
    )


def test_a_preset_brings_what_its_server_needs() -> None:
    """Azure its header, LocalAI its response format; servers at home no key."""
    azure = options(
        TEARSHEET_OPENAI_PRESET="azure",
        OPENAI_API_KEY="k",
        OPENAI_BASE_URL="https://us.openai.azure.com/openai/v1/",
    )
    localai = options(TEARSHEET_OPENAI_PRESET="localai", OPENAI_BASE_URL="http://localhost:8080/v1")

    assert azure.auth_header is AuthHeader.API_KEY
    assert (localai.response_format, localai.api_key) == ("b64_json", None)


def test_addresses_in_answers_may_lead_to_the_server_alone() -> None:
    """``same`` allows no other host; unset, nothing is followed."""
    assert options(OPENAI_API_KEY="k").result_hosts is None
    assert options(OPENAI_API_KEY="k", TEARSHEET_OPENAI_RESULT_HOSTS="same").result_hosts == ()


@pytest.mark.parametrize(
    ("variables", "line"),
    [
        ({}, "OPENAI_API_KEY is not set; this preset needs a key"),
        ({"OPENAI_API_KEY": "sk 1"}, "printable ASCII without spaces"),
        ({"OPENAI_API_KEY": "schlüssel"}, "printable ASCII without spaces"),
        ({"TEARSHEET_OPENAI_PRESET": "sdcpp"}, "OPENAI_BASE_URL is not set"),
        ({"TEARSHEET_OPENAI_PRESET": "dalle"}, "one of openai, azure, sdcpp, localai, vllm-omni"),
        ({"OPENAI_API_KEY": "k", "OPENAI_BASE_URL": "api.openai.com"}, "takes an address such as"),
        ({"OPENAI_API_KEY": "k", "OPENAI_BASE_URL": "http://u:p@h/v1"}, "takes an address such as"),
        ({"OPENAI_API_KEY": "k", "OPENAI_BASE_URL": "http://h:99999"}, "takes an address such as"),
        ({"OPENAI_API_KEY": "k", "TEARSHEET_OPENAI_MODEL": "gpt image"}, "a model's name"),
        ({"OPENAI_API_KEY": "k", "TEARSHEET_OPENAI_AUTH_HEADER": "basic"}, "one of bearer, api"),
        ({"OPENAI_API_KEY": "k", "TEARSHEET_OPENAI_RESPONSE_FORMAT": "url"}, "one of unset, b64"),
        ({"OPENAI_API_KEY": "k", "TEARSHEET_OPENAI_MODERATION": "off"}, "one of auto, low"),
        ({"OPENAI_API_KEY": "k", "TEARSHEET_OPENAI_RESULT_HOSTS": "http://h/"}, "same (as the"),
    ],
)  # fmt: skip
def test_what_is_missing_or_wrong_is_one_line(variables: dict[str, str], line: str) -> None:
    """It names the variable, and never shows the key."""
    assert line in refused(**variables)
    assert "schlüssel" not in refused(**variables)


def test_another_model_needs_none_of_it() -> None:
    """A key that happens to be in the environment changes nothing."""
    assert Settings.read({"OPENAI_API_KEY": "k", "TEARSHEET_OPENAI_PRESET": "azure"}).openai is None


def test_the_key_is_not_printed() -> None:
    """Settings end up in traces and logs."""
    assert "sk-secret" not in repr(options(OPENAI_API_KEY="sk-secret"))
