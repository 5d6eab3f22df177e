"""Data for machines in a page: the policy against inline scripts leaves it alone."""

from playwright.sync_api import Page

READ = "JSON.parse(document.querySelector('script[type=\"application/ld+json\"]').textContent)"


def test_a_data_block_is_read_and_violates_no_policy(page: Page) -> None:
    answer = page.goto("/")
    assert answer is not None
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    assert page.evaluate(READ)["@graph"][0]["name"] == "ThrillWiki"
