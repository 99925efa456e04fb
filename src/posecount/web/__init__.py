"""The web app on this machine: live coaching in the browser, a phone as the camera, videos, history, guides.

    browser -> Guard (who may ask) -> one router a page -> templates and plain ES modules in static/

Nothing is loaded from elsewhere, and nothing leaves the machine.
"""
