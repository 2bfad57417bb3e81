"""An S3 store by boto3, which is imported when it is needed; what it refuses is told in German."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any

from publishing.deploy.result import DeployError

#: Requests at the same time.
PARALLEL = 8
#: How often a request is tried, with longer and longer pauses.
ATTEMPTS = 4
_DELETED_AT_ONCE = 1000
_KEYS = "AWS_ACCESS_KEY_ID und AWS_SECRET_ACCESS_KEY"


class MissingError(DeployError):
    """There is no such object."""


class ConflictError(DeployError):
    """An object is not as it was expected to be."""


def make_client(endpoint: str, region: str) -> Any:
    """Return boto3's client for the store at *endpoint*, or Amazon's; its keys are found by boto3."""
    import boto3  # type: ignore[import-untyped]
    from botocore.config import Config  # type: ignore[import-untyped]

    config = Config(
        connect_timeout=15,
        read_timeout=60,
        max_pool_connections=PARALLEL,
        retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
        # Stores of one's own seldom have a name of its own for every bucket.
        s3={"addressing_style": "path" if endpoint else "auto"},
        # Not every store knows the newer checksums.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )
    return boto3.session.Session().client(
        "s3",
        endpoint_url=endpoint or None,
        region_name=region or ("us-east-1" if endpoint else None),
        config=config,
    )


@dataclass(frozen=True)
class Found:
    """An object, its version, and times by the clock of the store."""

    data: bytes
    etag: str
    modified: dt.datetime
    now: dt.datetime


class Store:
    """The objects of one bucket."""

    def __init__(self, bucket: str, endpoint: str, region: str) -> None:
        self._bucket = bucket
        self._place = endpoint or f"s3://{bucket}"
        self._endpoint = endpoint
        self._region = region
        self._made: Any = None

    @property
    def _client(self) -> Any:
        if self._made is None:
            self._made = make_client(self._endpoint, self._region)
        return self._made

    def connect(self) -> None:
        """Make the client, once; threads share it."""
        with self._told():
            _ = self._client

    def get(self, key: str) -> Found:
        """
        Return an object.

        Raises:
            MissingError: There is none.
        """
        with self._told():
            answer = self._client.get_object(Bucket=self._bucket, Key=key)
            data = answer["Body"].read()
        date = answer["ResponseMetadata"]["HTTPHeaders"].get("date")
        now = parsedate_to_datetime(date) if date else dt.datetime.now(dt.UTC)
        return Found(data, answer["ETag"], answer["LastModified"], now)

    def put(self, key: str, data: bytes, **headers: str) -> str:
        """
        Write an object and return its version; IfMatch and IfNoneMatch are conditions.

        Raises:
            ConflictError: A condition is not met.
        """
        with self._told():
            answer = self._client.put_object(Bucket=self._bucket, Key=key, Body=data, **headers)
        return str(answer["ETag"])

    def copy(self, source: str, key: str, **headers: str) -> None:
        """
        Copy an object within the store, with other headers.

        Raises:
            MissingError: The source is not there.
        """
        with self._told():
            self._client.copy_object(
                Bucket=self._bucket,
                Key=key,
                CopySource={"Bucket": self._bucket, "Key": source},
                MetadataDirective="REPLACE",
                **headers,
            )

    def delete(self, keys: Iterable[str]) -> None:
        """Delete objects; it does not matter whether they are there."""
        names = sorted(keys)
        for start in range(0, len(names), _DELETED_AT_ONCE):
            part = [{"Key": key} for key in names[start : start + _DELETED_AT_ONCE]]
            with self._told():
                answer = self._client.delete_objects(
                    Bucket=self._bucket, Delete={"Objects": part, "Quiet": True}
                )
            if errors := answer.get("Errors"):
                raise DeployError(
                    f"{self._place}: Der Speicher löscht {errors[0].get('Key')} nicht "
                    f"({errors[0].get('Code')}) – prüfen Sie, was Ihr Schlüssel darf."
                )

    def list(self, prefix: str) -> list[str]:
        """Return the keys that begin with *prefix*."""
        with self._told():
            pages = self._client.get_paginator("list_objects_v2").paginate(
                Bucket=self._bucket, Prefix=prefix
            )
            return [item["Key"] for page in pages for item in page.get("Contents", ())]

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Turn what boto3 raises into sentences."""
        from boto3.exceptions import Boto3Error  # type: ignore[import-untyped]
        from botocore.exceptions import (  # type: ignore[import-untyped]
            BotoCoreError,
            ClientError,
            ConnectionError,
            HTTPClientError,
            NoCredentialsError,
            PartialCredentialsError,
        )

        try:
            yield
        except ClientError as error:
            raise self._refused(error.response) from error
        except (NoCredentialsError, PartialCredentialsError) as error:
            raise self._error(
                f"Der Schlüssel fehlt – setzen Sie die Umgebungsvariablen {_KEYS}"
            ) from error
        except (ConnectionError, HTTPClientError) as error:
            raise self._error(
                "Der Speicher ist nicht zu erreichen – prüfen Sie endpoint in DEPLOY und Ihre "
                "Verbindung, und rufen Sie den Befehl noch einmal auf"
            ) from error
        except (BotoCoreError, Boto3Error, ValueError) as error:
            raise self._error(f"boto3 meldet „{error}“ – prüfen Sie DEPLOY") from error

    def _refused(self, response: Any) -> DeployError:
        code = str(response.get("Error", {}).get("Code", ""))
        status = response.get("ResponseMetadata", {}).get("HTTPStatusCode")
        if code in ("PreconditionFailed", "ConditionalRequestConflict") or status in (409, 412):
            return ConflictError(
                str(
                    self._error(
                        "Eine andere Veröffentlichung kam dazwischen – rufen Sie den Befehl noch einmal auf"
                    )
                )
            )
        if code in ("NoSuchKey", "404"):
            return MissingError(
                str(
                    self._error(
                        "Im Speicher fehlt etwas, das dort lag – rufen Sie den Befehl noch einmal auf"
                    )
                )
            )
        sentences = {
            "NoSuchBucket": f"Den Bucket „{self._bucket}“ gibt es nicht – prüfen Sie bucket in "
            "DEPLOY, oder legen Sie ihn an",
            "InvalidBucketName": f"„{self._bucket}“ kann kein Bucket heißen – prüfen Sie bucket in "
            "DEPLOY",
            "RequestTimeTooSkewed": "Die Uhr dieses Rechners geht falsch – stellen Sie sie",
            "NotImplemented": "Der Speicher kennt keine bedingten Schreibvorgänge; ohne sie könnten "
            "sich zwei Veröffentlichungen mischen – nehmen Sie einen anderen",
        }
        if code in sentences:
            return self._error(sentences[code])
        if status == 403:
            return self._error(
                f"Der Speicher lehnt Ihren Schlüssel ab ({code}) – prüfen Sie die "
                f"Umgebungsvariablen {_KEYS} und was der Schlüssel darf"
            )
        if status is not None and status >= 500:
            return self._error(
                f"Der Speicher antwortet mit einem Fehler ({code}) – versuchen Sie es später noch "
                "einmal"
            )
        return self._error(f"Der Speicher meldet „{code}“ – prüfen Sie DEPLOY")

    def _error(self, sentence: str) -> DeployError:
        return DeployError(f"{self._place}: {sentence}.")
