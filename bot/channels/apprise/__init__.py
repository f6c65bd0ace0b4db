"""Anything else that the library Apprise can reach: e-mail, DingTalk, Feishu, SMS gateways …"""
