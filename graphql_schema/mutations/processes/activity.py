"""What is to be done, and whether it is."""

from app.models.enums import TaskStatus
from app.services.processes import tasks
from app.services.transitions import TASKS
from graphql_schema.mutations.steps import Step, moving

STEPS = (
    moving("Task", "Start", "Begin a task.", TASKS),
    moving("Task", "Defer", "Put a task off; `dueAt` may say until when.", TASKS, takes=("dueAt",)),
    Step(
        "Task",
        "Complete",
        "Note that a task is done. If it repeats, the next one is made, due by its rule on the clock of its owner: `next`.",
        tasks.complete,
        sets={"status": TaskStatus.COMPLETED},
        brings={"next": "Task"},
    ),
    moving("Task", "Cancel", "Call a task off, with all that would follow it.", TASKS),
    Step(
        "Task",
        "Reopen",
        "Take up again a task that was put off, done or called off. One that was made after it stays.",
        tasks.reopen,
        sets={"status": TaskStatus.NOT_STARTED},
    ),
)
