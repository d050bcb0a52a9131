"""Who may say what about a task, to whom, and who may take it back."""

import asyncio

import pytest
from hypothesis import given, settings

from taskflow.features.comments.errors import CommentExists, CommentNotFound, CommentNotYours
from taskflow.features.comments.model import CreateComment, UpdateComment
from taskflow.features.spaces.errors import PreconditionFailed, RoleTooLow
from taskflow.features.spaces.model import RemoveMember, Role
from taskflow.features.tasks.model import CreateTask, DeleteTask
from taskflow.features.trash.model import DeleteComment
from taskflow.foundation.backend import Backend
from taskflow.foundation.ids import Id, new_id
from taskflow.foundation.operation import Args
from taskflow.foundation.refusal import Invalid, Refusal
from tests.account import Person, new_person
from tests.features.comments.arguments import bodies
from tests.features.spaces.team import join, new_team, number_of


async def task_of(person: Person) -> Id:
    return Id((await person.do(CreateTask(title="Pay rent")))["id"])


async def refused(person: Person, args: Args) -> Refusal:
    """What an operation is refused with; nothing has changed."""
    before = await number_of(person)
    with pytest.raises(Refusal) as raised:
        await person.do(args)
    assert await number_of(person) == before
    return raised.value


def pointers(refusal: Refusal) -> list[str]:
    assert isinstance(refusal, Invalid)
    return [fault.pointer for fault in refusal.errors]


@settings(max_examples=50, deadline=None)
@given(body=bodies, again=bodies)
async def test_whatever_is_said_is_kept_to_the_letter(backend: Backend, body: str, again: str) -> None:
    person = await new_person(backend)
    made = await person.do(CreateComment(task_id=await task_of(person), body=body))

    changed = await person.do(UpdateComment(id=made["id"], body=again))

    assert (made["body"], changed["body"]) == (body, again)
    assert made["author_id"] == str(person.id)
    assert (changed["seq"] > made["seq"]) == (body != again)


async def test_a_comment_has_16_kib_of_utf_8(person: Person) -> None:
    task_id, longest, longer = await task_of(person), "é" * 8192, "é" * 8193
    made = await person.do(CreateComment(task_id=task_id, body=longest))

    assert made["body"] == longest
    for args in (CreateComment(task_id=task_id, body=longer), UpdateComment(id=made["id"], body=longer)):
        assert pointers(await refused(person, args)) == ["/body"]


async def test_a_comment_is_about_a_task_that_is_there(person: Person, backend: Backend) -> None:
    other = await new_person(backend)
    gone, foreign = await task_of(person), await task_of(other)
    await person.do(DeleteTask(id=gone))

    for task_id in (gone, foreign, Id(str(new_id()))):
        refusal = await refused(person, CreateComment(task_id=task_id, body="Hello?"))

        assert pointers(refusal) == ["/task_id"]
        assert refusal.detail == "/task_id: is no task of this space"


async def test_who_is_mentioned_is_in_the_space_once(person: Person, backend: Backend) -> None:
    ada = await new_team(person)
    ben = await join(ada, await new_person(backend, "Ben"), Role.VIEWER)
    left = await join(ada, await new_person(backend, "Left"), Role.EDITOR)
    await left.do(RemoveMember(id=Id(str(left.id))))
    task_id, stranger = await task_of(ada), new_id()
    asked = [[ben.id, stranger, left.id], [ben.id, ada.id, ben.id]]

    faults = [
        pointers(
            await refused(ada, CreateComment(task_id=task_id, body="Hi", mention_ids=[Id(str(one)) for one in ids]))
        )
        for ids in asked
    ]
    made = await ada.do(CreateComment(task_id=task_id, body="Hi", mention_ids=[Id(str(ben.id)), Id(str(ada.id))]))

    assert faults == [["/mention_ids/1", "/mention_ids/2"], ["/mention_ids"]]
    assert made["mention_ids"] == [str(ben.id), str(ada.id)]


async def test_who_was_mentioned_and_left_may_stay_mentioned(person: Person, backend: Backend) -> None:
    ada = await new_team(person)
    ben = await join(ada, await new_person(backend, "Ben"), Role.EDITOR)
    mention_ids = [Id(str(ben.id))]
    made = await ada.do(CreateComment(task_id=await task_of(ada), body="Hi Ben", mention_ids=mention_ids))
    await ben.do(RemoveMember(id=Id(str(ben.id))))

    changed = await ada.do(UpdateComment(id=made["id"], body="Bye Ben", mention_ids=mention_ids))

    assert (changed["body"], changed["mention_ids"]) == ("Bye Ben", [str(ben.id)])


@pytest.mark.parametrize(
    ("role", "refusal"), [(Role.VIEWER, RoleTooLow), (Role.COMMENTER, None), (Role.EDITOR, None), (Role.OWNER, None)]
)
async def test_who_may_comment_may_comment(
    person: Person, backend: Backend, role: Role, refusal: type[Refusal] | None
) -> None:
    ada = await new_team(person)
    ben = await join(ada, await new_person(backend, "Ben"), role)
    args = CreateComment(task_id=await task_of(ada), body="Hi")

    if refusal:
        assert isinstance(await refused(ben, args), refusal)
    else:
        assert (await ben.do(args))["author_id"] == str(ben.id)


async def test_only_the_author_changes_what_a_comment_says(person: Person, backend: Backend) -> None:
    ada = await new_team(person)
    ben = await join(ada, await new_person(backend, "Ben"), Role.COMMENTER)
    made = await ben.do(CreateComment(task_id=await task_of(ada), body="Mine"))

    assert isinstance(await refused(ada, UpdateComment(id=made["id"], body="Ours")), CommentNotYours)
    assert (await ben.do(UpdateComment(id=made["id"], body="Still mine")))["body"] == "Still mine"


@pytest.mark.parametrize(("role", "refusal"), [(Role.COMMENTER, RoleTooLow), (Role.EDITOR, None), (Role.OWNER, None)])
async def test_anothers_comment_is_deleted_by_who_may_edit(
    person: Person, backend: Backend, role: Role, refusal: type[Refusal] | None
) -> None:
    ada = await new_team(person)
    ben = await join(ada, await new_person(backend, "Ben"), role)
    theirs = await ada.do(CreateComment(task_id=await task_of(ada), body="Mine"))

    if refusal:
        assert isinstance(await refused(ben, DeleteComment(id=theirs["id"])), refusal)
    else:
        await ben.do(DeleteComment(id=theirs["id"]))


async def test_who_may_only_comment_deletes_their_own(person: Person, backend: Backend) -> None:
    ada = await new_team(person)
    ben = await join(ada, await new_person(backend, "Ben"), Role.COMMENTER)
    made = await ben.do(CreateComment(task_id=await task_of(ada), body="Mine"))

    await ben.do(DeleteComment(id=made["id"]))

    assert isinstance(await refused(ben, DeleteComment(id=made["id"])), CommentNotFound)


async def test_the_same_create_again_is_the_same_comment_also_when_who_was_mentioned_has_left(
    person: Person, backend: Backend
) -> None:
    owner = await new_team(person)
    grace = await join(owner, await new_person(backend, "Grace"), Role.VIEWER)
    args = CreateComment(id=Id(str(new_id())), task_id=await task_of(owner), body="Hi", mention_ids=[Id(str(grace.id))])
    made = await owner.do(args)
    await owner.do(RemoveMember(id=Id(str(grace.id))))

    again = await owner.do(args)

    assert again == made


async def test_the_same_create_again_is_the_same_comment_also_after_a_change(person: Person) -> None:
    args = CreateComment(id=Id(str(new_id())), task_id=await task_of(person), body="Hi")
    made = await asyncio.gather(*(person.do(args) for _ in range(5)))
    changed = await person.do(UpdateComment(id=args.id, body="Hello"))

    again = await person.do(args)

    assert all(each == made[0] for each in made)
    assert again == changed


async def test_an_id_is_one_comments_for_good(person: Person, backend: Backend) -> None:
    ada = await new_team(person)
    ben = await join(ada, await new_person(backend, "Ben"), Role.EDITOR)
    args = CreateComment(id=Id(str(new_id())), task_id=await task_of(ada), body="Hi")
    await ada.do(args)
    other = CreateComment(id=args.id, task_id=args.task_id, body="Ho")

    assert isinstance(await refused(ada, other), CommentExists)
    assert isinstance(await refused(ben, args), CommentExists)
    await ada.do(DeleteComment(id=args.id))
    assert isinstance(await refused(ada, args), CommentExists)


async def test_a_change_of_nothing_takes_no_number_and_one_of_an_older_state_is_refused(person: Person) -> None:
    made = await person.do(CreateComment(task_id=await task_of(person), body="Hi"))

    same = await person.answered(UpdateComment(id=made["id"], body="Hi"))

    assert same.number == made["seq"]
    with pytest.raises(PreconditionFailed):
        await person.do(UpdateComment(id=made["id"], body="Ho"), if_match=frozenset({made["seq"] - 1}))
