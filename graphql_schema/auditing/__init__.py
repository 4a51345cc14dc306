"""The audit trail, and what is opened in exchange for an event in it.

unmasking  `unmask` and `unmaskEnd`
verifying  `auditVerify`
naming     `auditNames`: what is called what of which events tell the key
"""
