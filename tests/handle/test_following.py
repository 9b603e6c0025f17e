"""Short commands for what follows from what: automations and the audit log."""

import pytest

from port_fake import FakePort, MisuseError, RefusedError


def test_an_automation_is_added_like_an_action_and_runs_when_its_conditions_hold(
    port_fake: FakePort,
) -> None:
    port_fake.add_action("deploy", inputs={"size": {"type": "number"}})
    made = port_fake.add_automation(
        "follow",
        event={"type": "RUN_CREATED", "actionIdentifier": "deploy"},
        when=[".diff.after.properties.size > 2"],
        title="Follow up",
    )

    port_fake.execute("deploy", {"size": 1})
    port_fake.execute("deploy", {"size": 3})

    assert made["title"] == "Follow up"
    assert [run.action for run in port_fake.runs()] == ["follow", "deploy", "deploy"]


def test_an_automation_that_port_would_refuse_is_refused(port_fake: FakePort) -> None:
    with pytest.raises(RefusedError, match="trigger"):
        port_fake.add_automation("follow", event={"type": "RUN_ENDED"})

    assert port_fake.audits() == []


def test_the_audit_log_is_read_by_its_filters(port_fake: FakePort) -> None:
    port_fake.add_action("deploy")
    run = port_fake.execute("deploy")
    port_fake.complete(run)

    records = port_fake.audits(run_id=run.id, includes=["action", "identifier"])

    assert records == [
        {"action": "UPDATE", "identifier": run.id},
        {"action": "CREATE", "identifier": run.id},
    ]


def test_a_filter_that_the_audit_log_does_not_have_is_a_mistake(port_fake: FakePort) -> None:
    with pytest.raises(MisuseError, match="no filter 'run'; there are: InstallationId, action"):
        port_fake.audits(run="r_1")
