"""URLs of files in a folder."""

import pytest

from openeo_widgets.api._urls import member_url


@pytest.mark.parametrize(
    ("folder", "path", "url"),
    [
        ("https://store.example/a.zarr", ".zgroup", "https://store.example/a.zarr/.zgroup"),
        ("https://store.example/a/", "B04/c/0/1", "https://store.example/a/B04/c/0/1"),
        (
            "https://store.example/a.zarr?sig=s3cr3t",
            "B 04/0.0",
            "https://store.example/a.zarr/B%2004/0.0?sig=s3cr3t",
        ),
        ("s3://bucket/a.zarr", "zarr.json", "s3://bucket/a.zarr/zarr.json"),
    ],
)
def test_a_file_has_the_url_of_its_folder_and_what_signs_that(folder, path, url):
    assert member_url(folder, path) == url


@pytest.mark.parametrize("path", ["/etc", "../other", "a/../../b", "a\nb"])
def test_no_path_leads_out_of_the_folder(path):
    with pytest.raises(ValueError, match="no file of a folder"):
        member_url("https://store.example/a.zarr", path)
