"""The file of a company of two people and a bot."""

ORGANISATION_TEXT = """\
# A company.
apiVersion: turnpike.dev/v1
kind: Organisation
name: Small
codeownersDialect: github
people:
  # the first of them
  - id: ann
    name: Ann
    email: ann@example.com
    accounts:
      embedded: ann
  - id: ben
    name: Ben
    email: ben@example.com
    accounts:
      embedded: ben
# programs
bots:
  - id: bot
    email: bot@example.com
groups:
  - name: all
    members: [ann, ben]
teams:
  - name: models
    group: all
    quota:
      cpuMillicores: 1000
      memoryMebibytes: 1000
roles:
  platformOwners: all
  risk: all
  releaseManagers: all
"""
