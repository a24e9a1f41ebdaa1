"""An S3-compatible store on loopback for the tests: run by moto's own environment, not ours.

It makes a bucket and two users, lets nobody in without a signature, says where it listens, and
ends with its input.
"""

from __future__ import annotations

import json
import sys
import urllib.request

BUCKET = "house"
READS = {"Effect": "Allow", "Action": ["s3:GetObject", "s3:ListBucket"], "Resource": "*"}
ALL = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}


def main() -> None:
    """Serve until the input ends."""
    import boto3
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    port = server.get_host_and_port()[1]
    address = f"http://127.0.0.1:{port}"
    of_its_maker = {
        "endpoint_url": address, "region_name": "us-east-1",
        "aws_access_key_id": "maker", "aws_secret_access_key": "maker",
    }  # fmt: skip
    boto3.client("s3", **of_its_maker).create_bucket(Bucket=BUCKET)
    users = boto3.client("iam", **of_its_maker)
    told = {"port": port, "bucket": BUCKET}
    for name, may in (("writer", ALL), ("reader", READS)):
        users.create_user(UserName=name)
        policy = json.dumps({"Version": "2012-10-17", "Statement": [may]})
        users.put_user_policy(UserName=name, PolicyName=name, PolicyDocument=policy)
        key = users.create_access_key(UserName=name)["AccessKey"]
        told[name] = [key["AccessKeyId"], key["SecretAccessKey"]]
    from_now = urllib.request.Request(
        f"{address}/moto-api/reset-auth", b"0", {"Content-Type": "text/plain"}, method="POST"
    )
    urllib.request.urlopen(from_now)
    print(json.dumps(told), flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
