"""A download from a server that does all that servers do: the exact file, or an error."""

import hashlib

import pytest
from fault_server import FAULTS, UNCLEAR
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openeo_widgets import DownloadError, transfer

LARGEST = 1 << 20
numbers = st.integers(0, LARGEST)
plans = st.lists(
    st.one_of(
        st.tuples(st.just("cut"), numbers),
        st.tuples(st.just("trickle"), numbers),
        st.tuples(st.sampled_from(FAULTS), numbers),
    ),
    max_size=10,
)


@pytest.fixture
def bring(server, tmp_path_factory):
    """Download with a plan of faults, then once more without."""

    class Bring:
        def __init__(self, plan, *, knows_size, knows_checksum, most):
            self.folder = tmp_path_factory.mktemp("run")
            self.target = self.folder / "file"
            whole = server.versions[0]
            self.known = {
                "size": len(whole) if knows_size else None,
                "checksum": f"1220{hashlib.sha256(whole).hexdigest()}" if knows_checksum else None,
                "most_connections": most,
            }
            server.begin(plan)

        def __call__(self):
            try:
                verified = transfer.download(server.asker(), self.target, **self.known)
            except DownloadError as error:
                return error
            assert verified == any(self.known[name] is not None for name in ("size", "checksum"))
            return None

    return Bring


@settings(
    max_examples=500, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    plan=plans, knows_size=st.booleans(), knows_checksum=st.booleans(), most=st.sampled_from([1, 4])
)
def test_the_exact_file_or_a_clear_error(
    server, bring, at_once, small, plan, knows_size, knows_checksum, most
):
    unclear = not knows_size and not knows_checksum and any(name in UNCLEAR for name, _ in plan)
    bringing = bring(plan, knows_size=knows_size, knows_checksum=knows_checksum, most=most)
    error = bringing()
    if error is not None:
        assert "'file'" in str(error)
        assert not bringing.target.exists()
        for left in bringing.folder.iterdir():
            assert left.name in {".file.part", ".file.part.journal"}
            assert b"http" not in left.read_bytes()
        server.plan.clear()
        error = bringing()
    if error is not None:  # the file is another one now
        assert server.version == 1
        assert knows_checksum
        assert "checksum" in str(error)
        assert list(bringing.folder.iterdir()) == []
        return
    assert list(bringing.folder.iterdir()) == [bringing.target]
    content = bringing.target.read_bytes()
    if unclear:
        assert any(version.startswith(content) for version in server.versions)
    else:
        assert content in (server.versions[:1] if knows_checksum else server.versions)
